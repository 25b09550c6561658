//! What `apps!` becomes: the files that the build script wrote, or an error beside stubs.

use std::path::Path;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::parse::Wanted;

/// Written by `bakehouse_codegen::bake`.
const TABLE_FILE: &str = "bakehouse_table.rs";
const REGISTRY_FILE: &str = "bakehouse_registry.rs";

/// What is wrong, and what to do.
#[derive(Debug)]
pub(crate) struct Error {
    pub(crate) span: Span,
    pub(crate) message: String,
    pub(crate) help: String,
}

impl Error {
    /// What rustc says.
    pub(crate) fn text(&self) -> String {
        format!("{}\n\nhelp: {}", self.message, self.help)
    }
}

/// The files as includes, which cost rustc what they hold; the table as tokens would cost it more with every app.
pub(crate) fn expand(wanted: Wanted, out_dir: Option<&Path>) -> TokenStream {
    let files: &[&str] = match wanted {
        Wanted::Table => &[TABLE_FILE],
        Wanted::Registry => &[TABLE_FILE, REGISTRY_FILE],
    };
    if let Err(error) = check_baked(files, out_dir) {
        return fallback(wanted, &error);
    }
    let names = files.iter().map(|file| format!("/{file}"));
    module(&quote! {
        #(::core::include!(::core::concat!(::core::env!("OUT_DIR"), #names));)*
    })
}

fn check_baked(files: &[&str], out_dir: Option<&Path>) -> Result<(), Error> {
    let Some(out_dir) = out_dir else {
        let help = "add a file `build.rs` beside `Cargo.toml`, and `bakehouse-codegen` to `[build-dependencies]`:\n\
             \n    fn main() {\n        bakehouse_codegen::bake(\"apps.manifest.toml\");\n    }";
        return Err(Error::at_call("this package has no build script, which bakes the apps".to_owned(), help));
    };
    if files.iter().all(|file| out_dir.join(file).is_file()) {
        return Ok(());
    }
    let help = "call `bakehouse_codegen::bake(\"apps.manifest.toml\");` in the `main` function of `build.rs`";
    Err(Error::at_call("the build script of this package has not baked the apps".to_owned(), help))
}

/// The error, and empty items of the promised names, so that whoever uses those is not told of as well.
pub(crate) fn fallback(wanted: Wanted, error: &Error) -> TokenStream {
    let text = error.text();
    let error = quote_spanned! { error.span=> ::core::compile_error!(#text); };
    let registry = (wanted == Wanted::Registry).then(|| {
        quote! {
            pub static REGISTRY: ::bakehouse_sdk::Registry = ::bakehouse_sdk::Registry::new(TABLE, &[], &[]);
        }
    });
    let stubs = module(&quote! {
        pub const TABLE: ::bakehouse_runtime::Table<'static> = ::bakehouse_runtime::Table::baked(&[]);
        pub const BASE: &str = "";
        pub const ROOT: &str = "";
        #registry
    });
    quote! { #error #stubs }
}

/// The items in a module of their own, whose lints are not the user's to fix: a host need not use every app, nor give
/// what it uses to others.
fn module(items: &TokenStream) -> TokenStream {
    quote! {
        #[allow(dead_code, missing_docs, unreachable_pub)]
        #[allow(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        mod baked {
            #items
        }
        #[allow(unreachable_pub, unused_imports)]
        pub use baked::*;
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{REGISTRY_FILE, TABLE_FILE, expand};
    use crate::parse::Wanted;

    #[test]
    fn what_is_missing_in_the_build_script() {
        let baked = tempfile::tempdir().expect("makes a folder");
        let table_only = tempfile::tempdir().expect("makes a folder");
        let empty = tempfile::tempdir().expect("makes a folder");
        fs::write(baked.path().join(TABLE_FILE), "").expect("writes a file");
        fs::write(baked.path().join(REGISTRY_FILE), "").expect("writes a file");
        fs::write(table_only.path().join(TABLE_FILE), "").expect("writes a file");
        let cases = [
            (Wanted::Registry, None, Some("this package has no build script")),
            (Wanted::Registry, Some(&empty), Some("the build script of this package has not baked")),
            (Wanted::Table, Some(&empty), Some("the build script of this package has not baked")),
            (Wanted::Registry, Some(&table_only), Some("the build script of this package has not baked")),
            (Wanted::Table, Some(&table_only), None),
            (Wanted::Table, Some(&baked), None),
            (Wanted::Registry, Some(&baked), None),
        ];
        for (wanted, out_dir, expected) in cases {
            let expanded = expand(wanted, out_dir.map(tempfile::TempDir::path)).to_string();
            let is_error = expanded.contains("compile_error");
            assert_eq!(is_error, expected.is_some(), "{expanded}");
            assert!(expected.is_none_or(|expected| expanded.contains(expected)), "{expanded}");
            assert_eq!(expanded.contains(REGISTRY_FILE), !is_error && wanted == Wanted::Registry, "{expanded}");
        }
    }
}
