//! `route!` and `asset!`: a literal to an address, checked against what there is.
//!
//! 1. `arguments`: tokens -> the literal and the named values.
//! 2. `package`: the environment -> what may be named here, by the bake or by the app's own manifest.
//! 3. `route`, `asset`: both -> an expression, or an error at the literal.

mod arguments;
mod asset;
mod asset_set;
mod package;
mod route;

use proc_macro2::TokenStream;
use quote::quote_spanned;

use crate::expand::Error;
use arguments::Arguments;
use package::Package;

/// What `route!(…)` becomes.
pub(crate) fn route(input: TokenStream) -> TokenStream {
    expand(input, "route!", route::expand)
}

/// What `asset!(…)` becomes.
pub(crate) fn asset(input: TokenStream) -> TokenStream {
    expand(input, "asset!", asset::expand)
}

fn expand(
    input: TokenStream,
    name: &str,
    expand: impl FnOnce(&Arguments, &Package) -> Result<TokenStream, Error>,
) -> TokenStream {
    let expanded = Arguments::parse(input, name).and_then(|arguments| {
        let package = Package::here().map_err(|error| error.at(arguments.span))?;
        expand(&arguments, &package)
    });
    // An expression that is an error has every type, so that whoever uses it is not told of as well.
    expanded.unwrap_or_else(|error| {
        let text = error.text();
        quote_spanned! { error.span=> ::core::compile_error!(#text) }
    })
}
