//! The keys of `config.json`.

use std::collections::HashSet;

use jsonc_parser::ast::ObjectProp;
use jsonc_parser::common::Ranged;

use super::json::Reader;
use super::place::{last_part, named_file};
use crate::json::push_joined;
use crate::{AppManifest, AssetSet, Metadata, Problem, Reference, Span, Spanned};

/// Reads the whole file.
pub(super) fn read(folder: &str, file_name: &str, text: &str, has_static: bool) -> (AppManifest, Vec<Problem>) {
    let mut reader = Reader::default();
    let mut app = App::default();
    if let Some(object) = reader.object(text) {
        let entries = reader.entries(&object);
        let rest: Vec<_> = entries.into_iter().filter(|entry| !app.take(entry, &mut reader)).collect();
        push_joined(&mut app.metadata, ['{', '}'], rest, |json, entry| reader.push_entry(json, entry));
    }
    reader.problems.sort_by_key(|it| it.span.start);
    (app.finish(folder, file_name, has_static), reader.problems)
}

/// What was read so far.
#[derive(Default)]
struct App {
    manifest: AppManifest,
    category: Option<Spanned<String>>,
    dir_name: Option<Spanned<String>>,
    kind: Option<Spanned<String>>,
    logo: Option<Spanned<String>>,
    metadata: String,
}

impl App {
    /// Reads an entry, and says whether that is all there is to do with it: if not, it is metadata as well.
    fn take(&mut self, entry: &ObjectProp<'_>, reader: &mut Reader) -> bool {
        let manifest = &mut self.manifest;
        match entry.name.as_str() {
            "slug" => manifest.slug = reader.string(entry),
            "name" => manifest.name = reader.string(entry),
            "description" => manifest.description = reader.string(entry),
            "publisher" => manifest.publisher = reader.string(entry),
            "categories" => manifest.categories = reader.strings(entry),
            "category" => self.category = reader.string(entry),
            "dependencies" => manifest.requires = reader.strings(entry),
            "dirName" => self.dir_name = reader.string(entry),
            "type" => self.kind = reader.string(entry),
            "logo" => {
                self.logo = reader.string(entry);
                return self.logo.is_none();
            }
            name if name.starts_with("/*") || name.starts_with("//") => {
                manifest.tolerated.push(comment(name, reader.span(entry.range())));
            }
            _ => return false,
        }
        true
    }

    /// Puts together what several keys, or none, say.
    fn finish(self, folder: &str, file_name: &str, has_static: bool) -> AppManifest {
        let Self { mut manifest, category, dir_name, kind, logo, metadata } = self;
        let top = manifest.slug.as_ref().map(|slug| slug.span).unwrap_or_default();
        manifest.categories.extend(category);
        drop_repeated(&mut manifest.categories);
        manifest.aliases = aliases(&manifest, Spanned::new(last_part(folder).to_owned(), top), dir_name, kind);
        manifest.assets.extend(has_static.then(|| static_folder(top)));
        manifest.references.extend(logo.and_then(|logo| logo_file(folder, file_name, &logo)));
        if !metadata.is_empty() {
            manifest.metadata = Metadata(metadata);
        }
        manifest
    }
}

/// Every other name under which cal.com's router looks for the app.
fn aliases(
    manifest: &AppManifest,
    folder: Spanned<String>,
    dir_name: Option<Spanned<String>>,
    kind: Option<Spanned<String>>,
) -> Vec<Spanned<String>> {
    let dir_name = dir_name.map(|it| Spanned { value: last_part(&it).to_owned(), span: it.span });
    let mut names: Vec<_> = [Some(folder), dir_name, kind].into_iter().flatten().collect();
    names.retain(|name| manifest.slug.as_ref().is_none_or(|slug| slug.value != name.value));
    drop_repeated(&mut names);
    names
}

/// Keeps the first of equal values, wherever they stand.
fn drop_repeated(values: &mut Vec<Spanned<String>>) {
    let mut seen = HashSet::with_capacity(values.len());
    values.retain(|it| seen.insert(it.value.clone()));
}

/// The set that every app with a folder `static` has, though no manifest says so.
fn static_folder(span: Span) -> AssetSet {
    AssetSet {
        from: Spanned::new("static".to_owned(), span),
        to: None,
        critical: Vec::new(),
        lazy: false,
        mode: None,
        span,
    }
}

fn logo_file(folder: &str, file_name: &str, logo: &Spanned<String>) -> Option<Reference> {
    let path = Spanned::new(named_file(folder, logo)?, logo.span);
    Some(Reference { what: "`logo`", path, named_in: file_name.to_owned(), anywhere: false })
}

fn comment(name: &str, span: Span) -> Problem {
    let message = format!("the key `{name}` is a comment, and is not handed on");
    Problem::new("comment-key", message, span, "")
}
