//! `asset!`: a file of an asset set, with the hash of what it holds.
//!
//! Whoever compiles the reference hashes the file, and nobody else does: the build script ran before, and can't know what
//! will be named.

use std::fs;
use std::path::Path;

use bakehouse_manifest::names::{NamedAsset, Names};
use bakehouse_manifest::nearest;
use bakehouse_runtime::href::Href;
use proc_macro2::TokenStream;
use quote::quote;
use xxhash_rust::xxh3::xxh3_64;

use super::arguments::Arguments;
use super::asset_set::{Asset, own_assets};
use super::package::Package;
use crate::expand::Error;

pub(super) fn expand(arguments: &Arguments, package: &Package) -> Result<TokenStream, Error> {
    if let Some(value) = arguments.values.first() {
        let help = "give it the literal alone".to_owned();
        return Err(Error { span: value.name.span, message: "an asset has no params".to_owned(), help });
    }
    match package {
        Package::Host { names, .. } if !names.is_whole => {
            Ok(quote! { ::bakehouse_runtime::href::Href::from_static("") })
        }
        Package::Host { names, root } => in_host(arguments, names, root),
        Package::App { manifest, folder } => in_app(arguments, own_assets(manifest, folder), folder),
    }
}

/// An address. The file need not be tracked: cargo runs the build script again when anything in the folder of the apps
/// changes, and compiles the package then.
fn in_host(arguments: &Arguments, names: &Names, root: &Path) -> Result<TokenStream, Error> {
    let (slug, _) = arguments.text.split_once('/').unwrap_or((&arguments.text, ""));
    let of_app = names.assets.iter().filter(|asset| asset.slug == slug);
    let assets: Vec<(Asset, &NamedAsset)> = of_app.map(|asset| (with_slug(asset), asset)).collect();
    if assets.is_empty() {
        return Err(no_app(arguments, names));
    }
    let (_, NamedAsset { folder, source, public, .. }) = resolve(arguments, &assets)?;
    let version = version(arguments, &root.join(folder).join(source))?;
    let href = String::from(Href::of_public(public.as_bytes()).with_version(&version));
    Ok(quote! { ::bakehouse_runtime::href::Href::from_static(#href) })
}

/// An asset by its names in a host, where the app's slug comes first.
fn with_slug(asset: &NamedAsset) -> Asset {
    let NamedAsset { slug, name, source, .. } = asset;
    Asset { name: format!("{slug}/{name}"), source: format!("{slug}/{source}") }
}

/// A reference for the app's context, which knows the table.
fn in_app(arguments: &Arguments, assets: Vec<Asset>, folder: &Path) -> Result<TokenStream, Error> {
    let assets: Vec<(Asset, ())> = assets.into_iter().map(|asset| (asset, ())).collect();
    let (Asset { name, source }, ()) = resolve(arguments, &assets)?;
    let version = version(arguments, &folder.join(source))?;
    let below = format!("/{source}");
    Ok(quote! {{
        // Reads both anew when one changes.
        const _: &str = ::core::include_str!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/app.toml"));
        const _: &[u8] = ::core::include_bytes!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #below));
        ::bakehouse_sdk::href::AppAsset::new(#name, #source, #version)
    }})
}

/// The asset that the literal names: by its path in its set, or, where that is not one asset's alone, in the app's folder.
fn resolve<'a, T>(arguments: &Arguments, assets: &'a [(Asset, T)]) -> Result<&'a (Asset, T), Error> {
    let wanted = arguments.text.as_str();
    let by_name: Vec<&(Asset, T)> = assets.iter().filter(|(asset, _)| asset.name == wanted).collect();
    let by_source = assets.iter().find(|(asset, _)| asset.source == wanted);
    match (by_name.as_slice(), by_source) {
        ([asset], _) => Ok(asset),
        (_, Some(asset)) => Ok(asset),
        ([], None) => Err(no_asset(arguments, assets.iter().map(|(asset, _)| asset))),
        (_, None) => Err(ambiguous(arguments, by_name.iter().map(|(asset, _)| asset.source.as_str()))),
    }
}

fn ambiguous<'a>(arguments: &Arguments, sources: impl ExactSizeIterator<Item = &'a str>) -> Error {
    let message = format!("{} assets are called `{}`", sources.len(), arguments.text);
    let sources: Vec<&str> = sources.collect();
    let help = format!("write which, by its path in the app's folder: `{}`", sources.join("` or `"));
    Error { span: arguments.span, message, help }
}

fn no_asset<'a>(arguments: &Arguments, assets: impl Iterator<Item = &'a Asset> + Clone) -> Error {
    let wanted = arguments.text.as_str();
    let mut names = assets.map(|asset| asset.name.as_str());
    let help = match (namesake(wanted, names.clone()), names.next()) {
        (Some(name), _) => format!("the nearest asset is `{name}`"),
        (None, Some(name)) => format!("write its path in its asset set, such as `{name}`"),
        (None, None) => "the manifest has no asset set that holds a file; `[[assets]]` makes one".to_owned(),
    };
    Error { span: arguments.span, message: format!("there is no asset `{wanted}`"), help }
}

/// The name that was probably meant: of a file that is called the same in another folder, else the nearest.
fn namesake<'a>(wanted: &str, names: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let file = |path: &str| path.rsplit('/').next().map(str::to_owned);
    names.clone().find(|name| file(name) == file(wanted)).or_else(|| nearest(wanted, names))
}

fn no_app(arguments: &Arguments, names: &Names) -> Error {
    let wanted = &arguments.text;
    let all: Vec<String> = names.assets.iter().map(|asset| with_slug(asset).name).collect();
    let help = match nearest(wanted, all.iter().map(String::as_str)) {
        Some(name) => format!("the nearest asset is `{name}`"),
        None => "write the app's slug and the path in its asset set, such as `zoom/icon.svg`".to_owned(),
    };
    Error { span: arguments.span, message: format!("there is no asset `{wanted}`"), help }
}

/// The hash of what a file holds, by which a host knows it again: XXH3, 64 bits.
fn version(arguments: &Arguments, file: &Path) -> Result<String, Error> {
    let bytes = fs::read(file).map_err(|error| Error {
        span: arguments.span,
        message: format!("asset `{}` can't be read: {error}", arguments.text),
        help: "see to it that you may read the file".to_owned(),
    })?;
    Ok(format!("{:016x}", xxh3_64(&bytes)))
}
