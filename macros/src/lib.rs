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
//! [`route!`] and [`asset!`] are the addresses of what was baked, checked by rustc; an app's crate has them too, for what its
//! own manifest says.
//!
//! The build script reads the manifests and writes what it finds into `OUT_DIR`; a macro takes it in by `include!`, so
//! that a table of any size costs rustc the same.

mod expand;
mod parse;
mod reference;

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

/// The address of a route, by its pattern and the values of its params.
///
/// | where | `route!("/users")` | `route!("/users/{id}", id = 7)` | which patterns there are |
/// |---|---|---|---|
/// | in the package that bakes | `bakehouse_runtime::href::Href`, a constant | `Result<Href, HrefError>` | those of the table, prefix and variables filled in |
/// | in an app's crate | `bakehouse_sdk::href::AppRoute`, a constant | `AppRoute`, with the values | those of the `app.toml` beside its `Cargo.toml`, as written or with `$slug` and `$name` filled in |
///
/// In an app's crate, the context makes the address of it, since the host decides what stands before patterns:
/// `ctx.href(route!("/$name"))?`. As it is written, `$name` is the slug.
///
/// A value is anything that implements `Display`. It is percent-encoded as its place needs: a param is one segment, a
/// catch-all keeps its slashes. A value that the route would not take back out of the path is an error at run time: one
/// that is empty, or `..`. A param that is no identifier is written as `"booking-id" = 7` or `booking_id = 7`.
///
/// A pattern that there is not, and a value that is missing, unknown or given twice, is a compile error with the nearest
/// name:
///
/// ```text
/// error: there is no route `/user/{id}`
///
///        help: the nearest route that the table has is `/users/{id}`
/// ```
#[proc_macro]
pub fn route(input: TokenStream) -> TokenStream {
    reference::route(input.into()).into()
}

/// The address of an asset, with the hash of what it holds.
///
/// | where | call | gives |
/// |---|---|---|
/// | in the package that bakes | `asset!("zoom/icon.svg")`: slug, then the path in the asset set | `bakehouse_runtime::href::Href`, a constant |
/// | in an app's crate | `asset!("icon.svg")`: the path in the asset set | `bakehouse_sdk::href::AppAsset`, a constant; `ctx.asset(…)?` makes the address of it |
///
/// An asset of which another set of the app has the name is named by its path in the app's folder: `"zoom/static/icon.svg"`,
/// `"static/icon.svg"`.
///
/// The address is `/app-assets/zoom/icon.svg?v=9a3f0c21d4e5b687`. A host answers it as `immutable` for a year, but only
/// while the file is what was hashed when the macro was expanded; later it gives the file as it is then, to be asked for
/// again. So an address works as long as the file has its place, after a new bake too. A change of the file, or of the
/// manifest that has it, expands the macro again.
///
/// A file that there is not is a compile error with the nearest name.
#[proc_macro]
pub fn asset(input: TokenStream) -> TokenStream {
    reference::asset(input.into()).into()
}
