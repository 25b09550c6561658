//! The lines of an app in the `Cargo.toml` of its host, put in where the rest of the text stays as it is. The result is read
//! back; where it is not what was meant, nothing is written, and a person is told the lines.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::crate_name;

type Value<'t> = toml::Spanned<DeValue<'t>>;

/// What the host's package has that an app of that name would be mixed up with: itself, a feature or a dependency.
pub(super) fn clashing(text: &str, slug: &str) -> Option<String> {
    let document = DeTable::parse(text).ok()?;
    let document = document.get_ref();
    let package = document.get("package").and_then(|it| it.get_ref().get("name")).and_then(|it| it.get_ref().as_str());
    let tables = ["features", "dependencies"].map(|key| document.get(key).and_then(|it| it.get_ref().as_table()));
    let keys = tables.into_iter().flatten().flat_map(DeTable::keys).map(|key| key.get_ref().as_ref());
    let mut names = package.into_iter().chain(keys);
    names.find(|name| crate_name(name) == crate_name(slug)).map(str::to_owned)
}

/// How an app at `path`, relative to the host, depends on the SDK: as its host does.
pub(super) fn sdk_line(text: &str, path: &str) -> String {
    let version = || format!("bakehouse-sdk = \"{}\"", env!("CARGO_PKG_VERSION"));
    let Ok(document) = DeTable::parse(text) else { return version() };
    let sdk = document.get_ref().get("dependencies").and_then(|it| it.get_ref().get("bakehouse-sdk"));
    let text_of = |key: &str| sdk.and_then(|it| it.get_ref().get(key)).and_then(|it| it.get_ref().as_str());
    if let Some(folder) = text_of("path") {
        let up = if folder.starts_with('/') || folder.contains(':') {
            String::new()
        } else {
            "../".repeat(path.split('/').count())
        };
        format!("bakehouse-sdk = {{ path = {} }}", serde_json::Value::from(up + folder))
    } else if sdk.is_some_and(|it| it.get_ref().get("workspace").is_some()) {
        "bakehouse-sdk.workspace = true".to_owned()
    } else {
        version()
    }
}

/// What a person adds.
pub(super) fn lines(slug: &str, path: &str) -> String {
    format!("[features]\n{}\n\n[dependencies]\n{}\n", feature(slug), dependency(slug, path))
}

fn feature(slug: &str) -> String {
    format!("{slug} = [\"dep:{slug}\"]")
}

fn dependency(slug: &str, path: &str) -> String {
    format!("{slug} = {{ path = \"{path}\", optional = true }}")
}

/// The text with an app in it: an optional dependency, a feature of its name that is on by default, and a member of the
/// workspace if members are listed. None if it is not certain how.
pub(super) fn with_app(text: &str, slug: &str, path: &str) -> Option<String> {
    let document = DeTable::parse(text).ok()?;
    let document = document.get_ref();
    let features = document.get("features")?;
    let mut edits = vec![
        line_in(text, features, &feature(slug))?,
        line_in(text, document.get("dependencies")?, &dependency(slug, path))?,
        item_in(text, features.get_ref().get("default")?, slug)?,
    ];
    if let Some(members) = document.get("workspace").and_then(|it| it.get_ref().get("members")) {
        edits.push(item_in(text, members, path)?);
    }
    // From the end, so that no place moves before it is used.
    edits.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let mut edited = text.to_owned();
    for (at, insert) in edits {
        edited.insert_str(at, &insert);
    }
    has_app(&edited, slug, path).then_some(edited)
}

/// A line behind the last of a table with a header.
fn line_in(text: &str, table: &Value<'_>, line: &str) -> Option<(usize, String)> {
    let entries = table.get_ref().as_table()?;
    let end = entries.iter().map(|(_, value)| value.span().end).chain([table.span().end]).max()?;
    let end = end + text.get(end..)?.find('\n').unwrap_or(text.len() - end);
    // The comment of a line may stand behind it; a carriage return before its end is a part of that.
    let (end, feed) = if text.get(..end)?.ends_with('\r') { (end - 1, "\r\n") } else { (end, "\n") };
    Some((end, format!("{feed}{line}")))
}

/// A text behind the last of an array, on a line of its own where that one is.
fn item_in(text: &str, array: &Value<'_>, item: &str) -> Option<(usize, String)> {
    let DeValue::Array(items) = array.get_ref() else { return None };
    let Some(last) = items.iter().last() else { return Some((array.span().start + 1, format!("\"{item}\""))) };
    let Range { start, end } = last.span();
    let line = text.get(..start)?.rsplit('\n').next().unwrap_or_default();
    let between = if line.chars().all(char::is_whitespace) { format!("\n{line}") } else { " ".to_owned() };
    Some((end, format!(",{between}\"{item}\"")))
}

/// Whether a text has the app where it belongs.
fn has_app(text: &str, slug: &str, path: &str) -> bool {
    let Ok(document) = DeTable::parse(text) else { return false };
    let at = |keys: &[&str]| {
        let mut keys = keys.iter();
        let first = document.get_ref().get(*keys.next()?)?;
        keys.try_fold(first, |value, key| value.get_ref().get(*key))
    };
    let has = |keys: &[&str], wanted: &str| {
        let items = at(keys).and_then(|value| value.get_ref().as_array());
        items.is_some_and(|items| items.iter().any(|item| item.get_ref().as_str() == Some(wanted)))
    };
    has(&["features", slug], &format!("dep:{slug}"))
        && has(&["features", "default"], slug)
        && at(&["dependencies", slug, "path"]).and_then(|it| it.get_ref().as_str()) == Some(path)
        && (at(&["workspace", "members"]).is_none() || has(&["workspace", "members"], path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_is_put_in_and_nothing_else_changes() {
        let cases = [
            (
                "[features]\ndefault = []\n\n[dependencies]\nx = \"1\"  # why\n\n[workspace]\n",
                "[features]\ndefault = [\"zoom\"]\nzoom = [\"dep:zoom\"]\n\n[dependencies]\nx = \"1\"  # why\n\
                 zoom = { path = \"apps/zoom\", optional = true }\n\n[workspace]\n",
            ),
            (
                "[workspace]\nmembers = [\n    \"a\",\n    \"b\",\n]\n[dependencies]\n[features]\ndefault = [\"a\"]\na = []",
                "[workspace]\nmembers = [\n    \"a\",\n    \"b\",\n    \"apps/zoom\",\n]\n[dependencies]\n\
                 zoom = { path = \"apps/zoom\", optional = true }\n[features]\ndefault = [\"a\", \"zoom\"]\na = []\nzoom = [\"dep:zoom\"]",
            ),
            (
                "[features]\r\ndefault = [\"a\"]\r\na = []\r\n[dependencies]\r\n",
                "[features]\r\ndefault = [\"a\", \"zoom\"]\r\na = []\r\nzoom = [\"dep:zoom\"]\r\n[dependencies]\r\n\
                 zoom = { path = \"apps/zoom\", optional = true }\r\n",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(with_app(text, "zoom", "apps/zoom").as_deref(), Some(expected));
        }
    }

    #[test]
    fn where_it_is_not_certain_nothing_is_put_in() {
        let cases = [
            "not toml",
            "[dependencies]\n",
            "[features]\n[dependencies]\n",
            "features = { default = [] }\n[dependencies]\n",
            "features.default = []\n[dependencies]\n",
            "[features]\ndefault = []\n[dependencies.x]\nversion = \"1\"\n",
        ];
        for text in cases {
            assert_eq!(with_app(text, "zoom", "apps/zoom"), None, "{text}");
        }
    }

    #[test]
    fn an_app_depends_on_the_sdk_as_its_host_does() {
        let cases = [
            ("\"2\"", format!("bakehouse-sdk = \"{}\"", env!("CARGO_PKG_VERSION"))),
            ("{ path = \"../b/sdk\" }", "bakehouse-sdk = { path = \"../../../b/sdk\" }".to_owned()),
            ("{ path = \"/b/sdk\" }", "bakehouse-sdk = { path = \"/b/sdk\" }".to_owned()),
            ("{ workspace = true }", "bakehouse-sdk.workspace = true".to_owned()),
        ];
        for (of_host, expected) in cases {
            assert_eq!(sdk_line(&format!("[dependencies]\nbakehouse-sdk = {of_host}\n"), "apps/zoom"), expected);
        }
    }
}
