//! `DESCRIPTION.md`: the files of the app that it shows, in its front matter's `items` and as images in its text.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::DESCRIPTION_NAME;
use super::front_matter;
use super::html::image_sources;
use super::place::{named_file, shown_file};
use crate::{Problem, Reference, Span, Spanned};

/// Reads a description, and gives what it refers to, `items` first. Front matter that is never closed leaves nothing to
/// read, since the whole text could be in it.
pub(super) fn read(folder: &str, text: &str) -> (Vec<Reference>, Vec<Problem>) {
    let parts = match front_matter::split(text) {
        Ok(parts) => parts,
        Err(problem) => return (Vec::new(), vec![problem]),
    };
    let (items, problems) = match front_matter::items(text, parts.front) {
        Ok(items) => (items, Vec::new()),
        Err(problem) => (Vec::new(), vec![problem]),
    };
    let mut references = Vec::new();
    for item in items {
        references.extend(named_file(folder, &item).map(|path| reference("an item", path, item.span)));
    }
    for image in images(text, parts.body) {
        references.extend(shown_file(folder, &image).map(|path| reference("an image", path, image.span)));
    }
    (references, problems)
}

fn reference(what: &'static str, path: String, span: Span) -> Reference {
    Reference { what, path: Spanned { value: path, span }, named_in: DESCRIPTION_NAME.to_owned(), anywhere: false }
}

/// The sources of all images in the Markdown that begins at `body`, both Markdown's own and HTML's.
fn images(text: &str, body: usize) -> Vec<Spanned<String>> {
    let markdown = text.get(body..).unwrap_or_default();
    let mut images = Vec::new();
    for (event, range) in Parser::new(markdown).into_offset_iter() {
        let range = body + range.start..body + range.end;
        match event {
            Event::Start(Tag::Image { dest_url, .. }) => {
                images.push(Spanned::new(dest_url.to_string(), destination(text, range, &dest_url)));
            }
            // A block comes as one event a line, though a tag may go on over several.
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => images.extend(tag_sources(text, range)),
            _ => {}
        }
    }
    images
}

/// The place of the destination in an image; all of the image if it stands elsewhere, or is written with escapes.
fn destination(text: &str, image: Range<usize>, dest: &str) -> Range<usize> {
    let written = text.get(image.clone()).unwrap_or_default();
    match written.rfind("](").and_then(|at| Some(at + written.get(at..)?.find(dest)?)) {
        Some(at) => image.start + at..image.start + at + dest.len(),
        None => image,
    }
}

fn tag_sources(text: &str, html: Range<usize>) -> impl Iterator<Item = Spanned<String>> + '_ {
    let start = html.start;
    image_sources(text.get(html).unwrap_or_default()).into_iter().filter_map(move |range| {
        let range = start + range.start..start + range.end;
        Some(Spanned::new(text.get(range.clone())?.to_owned(), range))
    })
}
