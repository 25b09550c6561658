//! The Rust that goes with a table: where the bytes are, and the constructors of the apps that have code.
//!
//! Two files, so that a host which only wants the table needs nothing but `bakehouse-runtime`. Every path is absolute,
//! and goes through a module named after the version of the table's format: a runtime of another version fails to
//! compile instead of misreading.

use bakehouse_runtime::table::layout::VERSION;
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use crate::check::function_name;
use crate::model::{App, Model};

/// The name of the table's file, beside the Rust.
pub(crate) const TABLE_FILE: &str = "bakehouse.table";
/// The name of the file with the table's items.
pub(crate) const TABLE_RUST_FILE: &str = "bakehouse_table.rs";
/// The name of the file with the registry's items.
pub(crate) const REGISTRY_RUST_FILE: &str = "bakehouse_registry.rs";

/// Where things are, relative to the package that is built.
#[derive(Debug, Clone)]
pub(crate) struct Folders {
    /// The folder of the host manifest; empty for the package's own.
    pub(crate) base: String,
    /// The folder of the apps.
    pub(crate) root: String,
}

/// The items for the table. With errors, stubs of the same names beside an error for each.
pub(crate) fn table_items(folders: &Folders, errors: &[String]) -> TokenStream {
    let private = format_ident!("__private{VERSION}");
    let (base, root) = (in_package(&folders.base), in_package(&folders.root));
    let file = Literal::string(&format!("/{TABLE_FILE}"));
    let table = if errors.is_empty() {
        quote! {{
            static BYTES: &::bakehouse_runtime::#private::Aligned<[u8]> =
                &::bakehouse_runtime::#private::Aligned(*::core::include_bytes!(::core::concat!(::core::env!("OUT_DIR"), #file)));
            ::bakehouse_runtime::#private::Table::baked(&BYTES.0)
        }}
    } else {
        quote! { ::bakehouse_runtime::#private::Table::baked(&[]) }
    };
    quote! {
        #(::core::compile_error!(#errors);)*
        /// The baked table: every app, route and asset of the host.
        pub const TABLE: ::bakehouse_runtime::#private::Table<'static> = #table;
        /// The folder of the host manifest, where this was baked.
        pub const BASE: &str = #base;
        /// The folder of the apps, where this was baked.
        pub const ROOT: &str = #root;
    }
}

/// A folder of the package as an expression, so that a checkout which moved is found where it is now.
fn in_package(folder: &str) -> TokenStream {
    if folder.is_empty() {
        quote! { ::core::env!("CARGO_MANIFEST_DIR") }
    } else {
        let folder = format!("/{folder}");
        quote! { ::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #folder) }
    }
}

/// The items for the registry: a slot, a constructor and a typed function for each app with code. With errors, the same
/// functions without the constructors, so that whoever calls them is not told of as well.
pub(crate) fn registry_items(model: Option<&Model>, has_errors: bool) -> TokenStream {
    let private = format_ident!("__private{VERSION}");
    let apps: Vec<&App> = model.iter().flat_map(|model| &model.apps).filter(|app| app.entry.is_some()).collect();
    let functions = apps.iter().enumerate().map(|(idx, app)| function(app, idx));
    let constructed = if has_errors { &[][..] } else { apps.as_slice() };
    let constructors = constructed.iter().filter_map(|app| constructor(app));
    let n_constructors = constructed.len();
    quote! {
        static SLOTS: [::bakehouse_runtime::#private::Slot<dyn ::bakehouse_sdk::DynApp>; #n_constructors] =
            [const { ::bakehouse_runtime::#private::Slot::new() }; #n_constructors];
        static CONSTRUCTORS: [
            ::bakehouse_runtime::#private::Constructor<dyn ::bakehouse_sdk::DynApp, ::bakehouse_sdk::Context>;
            #n_constructors
        ] = [#(#constructors),*];
        /// Loads the apps of the table when they are first needed.
        pub static REGISTRY: ::bakehouse_sdk::Registry = ::bakehouse_sdk::Registry::new(TABLE, &CONSTRUCTORS, &SLOTS);
        #(#functions)*
    }
}

fn constructor(app: &App) -> Option<TokenStream> {
    let private = format_ident!("__private{VERSION}");
    let entry = &app.entry.as_ref()?.value;
    let path: TokenStream = format!("::{entry}").parse().ok()?;
    let slug = &app.slug.value;
    Some(quote! {
        ::bakehouse_runtime::#private::Constructor {
            slug: #slug,
            entry: #entry,
            construct: |ctx| ::bakehouse_sdk::__private::construct(ctx, #path),
        }
    })
}

fn function(app: &App, idx: usize) -> TokenStream {
    let name = function_name(&app.slug.value);
    let name = name.strip_prefix("r#").map_or_else(|| format_ident!("{name}"), |name| format_ident!("r#{name}"));
    let doc = format!(" The app `{}`, loaded when it is first needed.", app.slug.value);
    quote! {
        #[doc = #doc]
        pub fn #name() -> ::bakehouse_sdk::Handle {
            REGISTRY.handle(#idx)
        }
    }
}
