//! Diagnostics as a SARIF 2.1.0 log, for tools of code review: each with its place and the others that it is about, and the
//! pages on their codes as the help of rules.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{MAIN_SEPARATOR, Path};

use bakehouse_codegen::diagnostics::{Diagnostic, Label};
use bakehouse_codegen::source::{Place, Sources};
use bakehouse_manifest::Span;
use serde_json::{Value, json};

/// A log of one run. `folder` is that of the host manifest as it was named: what the paths of the sources are relative to.
pub(super) fn log<'a>(
    diagnostics: impl IntoIterator<Item = &'a Diagnostic>,
    sources: &Sources,
    folder: &Path,
) -> Value {
    let diagnostics: Vec<_> = diagnostics.into_iter().collect();
    let mut rules: BTreeMap<&str, usize> = diagnostics.iter().map(|diagnostic| (diagnostic.code, 0)).collect();
    rules.values_mut().enumerate().for_each(|(idx, number)| *number = idx);
    let ctx = Context { sources, folder, rules };
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "bakehouse",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": ctx.rules.keys().map(|code| rule(code)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": diagnostics.iter().map(|diagnostic| ctx.result(diagnostic)).collect::<Vec<_>>(),
        }],
    })
}

/// A code with its page, whose braces stay as they are: nothing is ever put into it, and it has examples of patterns.
fn rule(code: &str) -> Value {
    let page = bakehouse_codegen::explain(code).unwrap_or_default();
    let (heading, text) = page.split_once('\n').unwrap_or((page, ""));
    let title = heading.split_once(": ").map_or(heading, |(_, title)| title);
    json!({
        "id": code,
        "shortDescription": { "text": title },
        "help": { "text": text.trim(), "markdown": page },
    })
}

struct Context<'a> {
    sources: &'a Sources,
    folder: &'a Path,
    /// The codes that were found, each with its number in the list of rules.
    rules: BTreeMap<&'a str, usize>,
}

impl Context<'_> {
    fn result(&self, diagnostic: &Diagnostic) -> Value {
        let (first, others) = diagnostic.labels.split_at(diagnostic.labels.len().min(1));
        let others = others.iter().enumerate();
        json!({
            "ruleId": diagnostic.code,
            "ruleIndex": self.rules.get(diagnostic.code),
            "level": diagnostic.severity.name(),
            "message": { "text": message(diagnostic) },
            "locations": first.iter().map(|label| self.location(label)).collect::<Vec<_>>(),
            "relatedLocations": others.map(|(idx, label)| self.related(idx, label)).collect::<Vec<_>>(),
        })
    }

    fn related(&self, idx: usize, label: &Label) -> Value {
        let mut location = self.location(label);
        location["id"] = json!(idx);
        location
    }

    fn location(&self, label: &Label) -> Value {
        let file = self.sources.file(label.place.file);
        let mut physical = json!({ "artifactLocation": { "uri": uri(self.folder, &file.path) } });
        // A file that could not be read has no lines.
        if !file.text.is_empty() {
            physical["region"] = self.region(label.place);
        }
        let mut location = json!({ "physicalLocation": physical });
        if !label.text.is_empty() {
            location["message"] = json!({ "text": escaped(&label.text) });
        }
        location
    }

    fn region(&self, place: Place) -> Value {
        let start = self.sources.position(place);
        let end = place.span.end.max(place.span.start);
        let end = self.sources.position(place.file.at(Span { start: end, end }));
        json!({
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        })
    }
}

/// What is wrong and what to do about it: a result has no other place for a help of its own.
fn message(diagnostic: &Diagnostic) -> String {
    let mut message = escaped(&diagnostic.message);
    if !diagnostic.help.is_empty() {
        // Writing to a string can't fail.
        let _ = write!(message, "\nhelp: {}", escaped(&diagnostic.help));
    }
    message
}

/// A message's text: SARIF has braces for placeholders, and wants all others doubled (section 3.11.5).
fn escaped(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// The place of a file: relative to where the reader is, as the manifest was named, or a `file` URI.
fn uri(folder: &Path, path: &str) -> String {
    let path = folder.join(path);
    let text = path.to_string_lossy().replace(MAIN_SEPARATOR, "/");
    let mut uri = match (path.is_absolute(), text.starts_with('/')) {
        (false, _) => String::new(),
        (true, true) => "file://".to_owned(),
        // A drive.
        (true, false) => "file:///".to_owned(),
    };
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_uris() {
        let cases = [
            ("", "apps/zoom/app.toml", "apps/zoom/app.toml"),
            ("../a store", "apps/é.toml", "../a%20store/apps/%C3%A9.toml"),
            ("", "a:b#c?d%e", "a%3Ab%23c%3Fd%25e"),
        ];
        for (folder, path, expected) in cases {
            assert_eq!(uri(Path::new(folder), path), expected);
        }
        if cfg!(unix) {
            assert_eq!(uri(Path::new("/srv/h"), "app.toml"), "file:///srv/h/app.toml");
        }
    }
}
