//! The Rust that goes with a table: where the bytes are, and the constructors of the apps that have code.
//!
//! Two files, so that a host which only wants the table needs nothing but `bakehouse-runtime`. Every path is absolute,
//! and goes through a module named after the version of the table's format: a runtime of another version fails to
//! compile instead of misreading. Each item is a line, so that rustc's errors quote no more than what they are about.

use std::collections::BTreeSet;
use std::fmt::Write;

use bakehouse_runtime::table::layout::VERSION;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::check::function_name;
use crate::model::{App, Model};
use crate::source::Sources;

/// The name of the table's file, beside the Rust.
pub(crate) const TABLE_FILE: &str = "bakehouse.table";
/// The name of the file with the table's items.
pub(crate) const TABLE_RUST_FILE: &str = "bakehouse_table.rs";
/// The name of the file with the registry's items.
pub(crate) const REGISTRY_RUST_FILE: &str = "bakehouse_registry.rs";

/// Where the host manifest and its apps are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Folders {
    /// The folder of the host manifest.
    pub(crate) base: Folder,
    /// The folder of the apps.
    pub(crate) root: Folder,
}

/// A folder, `/`-separated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Folder {
    /// Relative to the package that is built; empty for the package's own.
    InPackage(String),
    /// Absolute.
    Elsewhere(String),
}

/// A diagnostic for rustc to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The name of its rule.
    pub(crate) code: &'static str,
    /// The whole text, places and help with it.
    pub(crate) text: String,
}

/// The items for the table. With problems, stubs of the same names beside an error for each.
pub(crate) fn table_file(folders: &Folders, problems: &[Problem]) -> String {
    let mut file = File::new();
    for problem in problems {
        compile_error(&mut file, problem);
    }
    let private = private();
    let table = if problems.is_empty() {
        let path = Literal::string(&format!("/{TABLE_FILE}"));
        file.line(&quote! {
            static BYTES: &::bakehouse_runtime::#private::Aligned<[u8]> =
                &::bakehouse_runtime::#private::Aligned(*::core::include_bytes!(::core::concat!(::core::env!("OUT_DIR"), #path)));
        });
        quote! { &BYTES.0 }
    } else {
        quote! { &[] }
    };
    file.line(&quote! {
        #[doc = "The baked table: every app, route and asset of the host."]
        pub const TABLE: ::bakehouse_runtime::#private::Table<'static> = ::bakehouse_runtime::#private::Table::baked(#table);
    });
    let (base, root) = (folders.base.expression(), folders.root.expression());
    file.line(&quote! {
        #[doc = "The folder of the host manifest, where this was baked."]
        pub const BASE: &str = #base;
    });
    file.line(&quote! {
        #[doc = "The folder of the apps, where this was baked."]
        pub const ROOT: &str = #root;
    });
    file.text
}

/// The items for the registry: a slot, a constructor and a typed function for each app with code. With problems, the
/// functions alone, so that whoever calls them is not told of as well.
pub(crate) fn registry_file(model: Option<&Model>, sources: &Sources, has_problems: bool) -> String {
    let mut file = File::new();
    let apps: Vec<&App> = model.map_or_else(Vec::new, |model| with_function(model, has_problems));
    let constructed = if has_problems { &[][..] } else { apps.as_slice() };
    let constructors: Vec<Ident> =
        constructed.iter().enumerate().filter_map(|(idx, app)| constructor(&mut file, idx, app, sources)).collect();
    let n_apps = constructors.len();
    let private = private();
    file.line(&quote! {
        static CONSTRUCTORS: [::bakehouse_sdk::#private::Constructor; #n_apps] = [#(#constructors),*];
    });
    file.line(&quote! {
        static SLOTS: [::bakehouse_sdk::#private::Slot; #n_apps] = [const { ::bakehouse_sdk::#private::Slot::new() }; #n_apps];
    });
    file.line(&quote! {
        #[doc = "Loads the apps of the table when they are first needed."]
        pub static REGISTRY: ::bakehouse_sdk::Registry = ::bakehouse_sdk::Registry::new(TABLE, &CONSTRUCTORS, &SLOTS);
    });
    for (idx, app) in apps.iter().enumerate() {
        function(&mut file, idx, app);
    }
    file.text
}

/// The apps that a host may call for by a function. Where there are problems, that may be any whose manifest could not be
/// read whole, and two may want the same name.
fn with_function(model: &Model, has_problems: bool) -> Vec<&App> {
    let mut names = BTreeSet::new();
    let may_have = |app: &&App| app.entry.is_some() || (has_problems && !app.is_whole());
    model.apps.iter().filter(may_have).filter(|app| names.insert(function_name(&app.slug.value))).collect()
}

/// Rust as text.
struct File {
    text: String,
}

impl File {
    fn new() -> Self {
        Self { text: "// Written by bakehouse-codegen from the manifests of the apps; edit those.\n".to_owned() }
    }

    fn line(&mut self, tokens: &TokenStream) {
        self.text.push_str(&tokens.to_string());
        self.text.push('\n');
    }
}

/// The module of what only generated code names.
fn private() -> Ident {
    format_ident!("__private{VERSION}")
}

/// Rustc quotes the line that it is about below the text. By way of a macro, that line is not the text once more.
fn compile_error(file: &mut File, Problem { code, text }: &Problem) {
    let name = format_ident!("{}", code.replace('-', "_"));
    file.line(&quote! { macro_rules! #name { () => { #text } } });
    file.line(&quote! { ::core::compile_error!(#name!()); });
}

impl Folder {
    /// The folder as a text, which is relative to the package if it is not absolute.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::InPackage(folder) | Self::Elsewhere(folder) => folder,
        }
    }

    /// The folder as an expression. One in the package is found where a checkout has moved to.
    fn expression(&self) -> TokenStream {
        match self {
            Self::Elsewhere(folder) => quote! { #folder },
            Self::InPackage(folder) if folder.is_empty() => quote! { ::core::env!("CARGO_MANIFEST_DIR") },
            Self::InPackage(folder) => {
                let folder = format!("/{folder}");
                quote! { ::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #folder) }
            }
        }
    }
}

/// How the app is made. What rustc says of an entry that is not there or is no constructor, it says of the entry, which
/// has a line of its own with the place where the manifest names it.
fn constructor(file: &mut File, idx: usize, app: &App, sources: &Sources) -> Option<Ident> {
    let entry = app.entry.as_ref()?;
    let name = format_ident!("CONSTRUCTOR_{idx}");
    let sdk = format!("::bakehouse_sdk::{}", private());
    let (slug, entry_text) = (Literal::string(&app.slug.value), Literal::string(&entry.value));
    let position = sources.position(entry.place);
    // The name of a folder may hold a line feed, and ends no comment.
    let path = sources.file(app.file).path.replace(char::is_control, "\u{fffd}");
    let _ = writeln!(
        file.text,
        "const {name}: {sdk}::Constructor = {sdk}::Constructor {{ slug: {slug}, entry: {entry_text}, \
         construct: |ctx| {sdk}::construct(ctx,\n    \
         ::{} // `entry` at {path}:{}:{}\n) }};",
        entry.value, position.line, position.column
    );
    Some(name)
}

fn function(file: &mut File, idx: usize, app: &App) {
    let name = function_name(&app.slug.value);
    let name = name.strip_prefix("r#").map_or_else(|| format_ident!("{name}"), |name| format_ident!("r#{name}"));
    let doc = format!("The app `{}`, loaded when it is first needed.", app.slug.value);
    file.line(&quote! {
        #[doc = #doc]
        #[must_use]
        pub fn #name() -> ::bakehouse_sdk::Handle { REGISTRY.handle(#idx) }
    });
}
