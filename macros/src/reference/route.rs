//! `route!`: a pattern of the table, or of the app's manifest, and the values of its params.

use std::path::Path;

use bakehouse_manifest::{AppManifest, Variables, nearest};
use bakehouse_runtime::find::Params;
use proc_macro2::TokenStream;
use quote::quote;

use super::arguments::{Arguments, Value};
use super::package::Package;
use crate::expand::Error;

pub(super) fn expand(arguments: &Arguments, package: &Package) -> Result<TokenStream, Error> {
    match package {
        Package::Host { names, .. } if !names.is_whole => Ok(stub(arguments)),
        Package::Host { names, .. } => {
            let known: Vec<_> = names.routes.iter().map(|route| (route.as_str(), route.as_str())).collect();
            let pattern = resolve(arguments, &known, "the table has")?;
            let params = params(pattern, arguments)?;
            Ok(in_host(pattern, &params))
        }
        Package::App { manifest, folder } => {
            let routes = own_routes(manifest, folder);
            let known: Vec<_> = routes.iter().map(|(written, filled)| (written.as_str(), filled.as_str())).collect();
            let pattern = resolve(arguments, &known, "the app's manifest has")?;
            let params = params(pattern, arguments)?;
            Ok(in_app(pattern, &params))
        }
    }
}

/// What stands for an address while manifests are wrong, which is told where they are taken in.
fn stub(arguments: &Arguments) -> TokenStream {
    let href = quote! { ::bakehouse_runtime::href::Href::from_static("") };
    if arguments.values.is_empty() {
        return href;
    }
    quote! { ::core::result::Result::<_, ::bakehouse_runtime::href::HrefError>::Ok(#href) }
}

/// Without params, an address; with some, one unless a value can't stand in it.
fn in_host(pattern: &str, params: &[(&str, &TokenStream)]) -> TokenStream {
    if params.is_empty() {
        return quote! { ::bakehouse_runtime::href::Href::from_static(#pattern) };
    }
    let (names, values) = unzip(params);
    quote! {
        ::bakehouse_runtime::href::fill(
            #pattern,
            &[#((#names, &(#values) as &dyn ::core::fmt::Display)),*],
        )
    }
}

/// A reference for the app's context, which knows the table.
fn in_app(pattern: &str, params: &[(&str, &TokenStream)]) -> TokenStream {
    let (names, values) = unzip(params);
    quote! {{
        // Reads the manifest anew when it changes.
        const _: &str = ::core::include_str!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/app.toml"));
        ::bakehouse_sdk::href::AppRoute::new(#pattern, [#((#names, ::std::string::ToString::to_string(&(#values)))),*])
    }}
}

fn unzip<'a>(params: &[(&'a str, &'a TokenStream)]) -> (Vec<&'a str>, Vec<&'a TokenStream>) {
    params.iter().copied().unzip()
}

/// The app's own routes: how the manifest has each, and what it may mean. `$name` as it is written means the slug.
fn own_routes(manifest: &AppManifest, folder: &Path) -> Vec<(String, String)> {
    let folder = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let slug = manifest.slug.as_ref().map_or(folder.as_str(), |slug| slug.value.as_str());
    let aliases = manifest.aliases.iter().map(|alias| alias.value.as_str());
    let names: Vec<&str> = [slug].into_iter().chain(aliases).collect();
    let variables = Variables { slug, folder: &folder, names: &names };
    let mut routes = Vec::new();
    for written in manifest.routes.iter().map(|route| &route.path.value) {
        let filled = variables.fill(written);
        routes.extend(filled.first().map(|slug| (written.clone(), slug.clone())));
        routes.extend(filled.into_iter().map(|pattern| (pattern.clone(), pattern)));
    }
    routes
}

/// What the literal means, of patterns by how they may be written.
fn resolve<'a>(arguments: &Arguments, known: &[(&'a str, &'a str)], who_has: &str) -> Result<&'a str, Error> {
    let wanted = arguments.text.as_str();
    if let Some((_, pattern)) = known.iter().find(|(written, _)| *written == wanted) {
        return Ok(pattern);
    }
    let help = match (near(wanted, known.iter().map(|(written, _)| *written)), known.first()) {
        (Some(written), _) => format!("the nearest route that {who_has} is `{written}`"),
        (None, Some((written, _))) => format!("write a pattern as {who_has} it, such as `{written}`"),
        (None, None) => format!("{who_has} no routes"),
    };
    Err(Error { span: arguments.span, message: format!("there is no route `{wanted}`"), help })
}

/// The pattern that was probably meant: one with something before it, as a prefix that was left out, else the nearest.
fn near<'a>(wanted: &str, known: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let is_end = |written: &&str| wanted.len() > 1 && wanted.starts_with('/') && written.ends_with(wanted);
    known.clone().find(is_end).or_else(|| nearest(wanted, known))
}

/// The value of each param, in the order of the call.
fn params<'a>(pattern: &'a str, arguments: &'a Arguments) -> Result<Vec<(&'a str, &'a TokenStream)>, Error> {
    let names: Vec<&str> = Params::names(pattern).collect();
    let mut given: Vec<(&str, &TokenStream)> = Vec::new();
    for value in &arguments.values {
        let name = param_of(value, &names, pattern)?;
        if given.iter().any(|(known, _)| *known == name) {
            let help = "leave one of the two out".to_owned();
            return Err(Error { span: value.name.span, message: format!("param `{name}` has a value already"), help });
        }
        given.push((name, &value.tokens));
    }
    let is_missing = |name: &&str| given.iter().all(|(known, _)| known != name);
    let missing: Vec<&str> = names.into_iter().filter(is_missing).collect();
    if missing.is_empty() { Ok(given) } else { Err(missing_params(arguments, &missing)) }
}

/// The param that a value is for: of two that an identifier may mean, the one of exactly that name.
fn param_of<'a>(value: &Value, names: &[&'a str], pattern: &str) -> Result<&'a str, Error> {
    let exact = names.iter().find(|name| **name == value.name.text);
    if let Some(name) = exact.or_else(|| names.iter().find(|name| value.name.means(name))) {
        return Ok(name);
    }
    let wanted = &value.name.text;
    let help = match nearest(wanted, names.iter().copied()) {
        Some(name) => format!("the nearest param is `{name}`"),
        None if names.is_empty() => "leave it out".to_owned(),
        None => format!("its params are `{}`", names.join("`, `")),
    };
    Err(Error { span: value.name.span, message: format!("`{pattern}` has no param `{wanted}`"), help })
}

fn missing_params(arguments: &Arguments, missing: &[&str]) -> Error {
    let (noun, verb) = if missing.len() == 1 { ("param", "is") } else { ("params", "are") };
    let message = format!("{noun} `{}` of `{}` {verb} missing", missing.join("`, `"), arguments.text);
    let is_ident = |name: &str| !name.contains('-') && !name.starts_with(|c: char| c.is_ascii_digit());
    let write = |name: &&str| if is_ident(name) { format!("{name} = …") } else { format!("\"{name}\" = …") };
    let help = format!("add `{}`", missing.iter().map(write).collect::<Vec<_>>().join(", "));
    Error { span: arguments.span, message, help }
}
