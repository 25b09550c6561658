//! The macros of Bakehouse.
//!
//! ```no_run
//! // build.rs
//! # mod bakehouse_codegen { pub fn bake(_: &str) {} }
//! bakehouse_codegen::bake("apps.manifest.toml");
//! ```
//!
//! ```text
//! // src/main.rs
//! mod store {
//!     bakehouse_macros::apps!();
//! }
//!
//! let zoom = store::zoom().load().await?;
//! ```
//!
//! The build script reads the manifests and writes what it finds into `OUT_DIR`; a macro takes it in by `include!`, so
//! that a table of any size costs rustc the same.

mod expand;
mod parse;

use proc_macro::TokenStream;

/// Takes in what the package's build script baked.
///
/// Call it in a module of its own, without arguments:
///
/// ```text
/// mod store {
///     bakehouse_macros::apps!();
/// }
/// ```
///
/// | item | what it is | needs the crates |
/// |---|---|---|
/// | `TABLE` | `bakehouse_runtime::Table<'static>`: every app, route and asset of the host | `bakehouse-runtime` |
/// | `BASE` | the folder of the host manifest, where this was baked: `&str` | |
/// | `ROOT` | the folder of the apps, where this was baked: `&str` | |
/// | `REGISTRY` | `bakehouse_sdk::Registry`: loads the apps of the table when they are first needed | `bakehouse-sdk` |
/// | `zoom()` | `bakehouse_sdk::Handle` of the app `zoom`; such a function for each app with code | that of each app |
///
/// `apps!(table)` gives `TABLE`, `BASE` and `ROOT` alone, and needs `bakehouse-runtime` alone.
///
/// What is wrong in a manifest is a compile error at the call, with the lines of the manifest that it is about.
#[proc_macro]
pub fn apps(input: TokenStream) -> TokenStream {
    let out_dir = std::env::var_os("OUT_DIR");
    match parse::parse(input.into()) {
        Ok(wanted) => expand::expand(wanted, out_dir.as_deref().map(AsRef::as_ref)).into(),
        Err(error) => expand::fallback(parse::Wanted::Registry, &error).into(),
    }
}
