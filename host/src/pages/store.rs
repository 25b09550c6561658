//! The first page: every app, or those that are looked for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Formatter, Write as _};

use super::html::{Escaped, Icon, Page};
use crate::catalog::{Catalog, Entry, page as page_of, word};

/// What to show of the apps; taken from the query of the request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Words that an app's name, slug, description or publisher has, in any case; as they were typed.
    words: String,
    /// The same in lower case, each once: a query may be long, and every app is held against it.
    needles: BTreeSet<String>,
    /// One of its categories.
    category: String,
}

impl Filter {
    /// The filter that a query asks for; what it does not know of the query is left alone.
    pub(crate) fn parse(query: Option<&str>) -> Self {
        let mut filter = Self::default();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            match &*name {
                "q" => filter.words = value.trim().into(),
                "category" => filter.category = value.into_owned(),
                _ => {}
            }
        }
        filter.needles = filter.words.to_lowercase().split_whitespace().map(str::to_owned).collect();
        filter
    }

    /// Where the same words are looked for in another category, or in all.
    fn within(&self, category: &str) -> String {
        let pairs =
            [("q", self.words.as_str()), ("category", category)].into_iter().filter(|(_, value)| !value.is_empty());
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        if query.is_empty() { "/".to_owned() } else { format!("/?{query}") }
    }

    /// Whether the app is looked for.
    pub(crate) fn admits(&self, entry: Entry<'_>) -> bool {
        let app = entry.app;
        let in_category = self.category.is_empty() || app.categories().any(|category| category == self.category);
        let texts = [app.name(), app.slug(), app.description(), app.publisher()].map(str::to_lowercase);
        in_category && self.needles.iter().all(|needle| texts.iter().any(|text| text.contains(needle)))
    }
}

/// The page with the apps that the filter admits.
pub(crate) fn page(catalog: &Catalog, filter: &Filter) -> Page {
    let entries: Vec<Entry<'_>> = catalog.entries().collect();
    let shown: Vec<Entry<'_>> = entries.iter().copied().filter(|entry| filter.admits(*entry)).collect();
    let mut body = format!("<main>\n<h1>{}</h1>\n", Escaped(catalog.host_name()));
    // Writing into a string can't fail.
    let _ = write!(body, "<p class=\"lead\">{}</p>\n{}", Counts(&entries), Search(filter));
    let _ = write!(body, "{}", Chips { entries: &entries, filter });
    if *filter != Filter::default() {
        let _ = writeln!(body, "<p class=\"lead\" role=\"status\">{} of {} shown</p>", shown.len(), entries.len());
    }
    let _ = writeln!(body, "{}</main>", Apps(&shown));
    body.push_str("<footer><a href=\"/metrics\">Metrics</a><a href=\"/readyz\">Readiness</a></footer>\n");
    Page { title: catalog.host_name().to_owned(), body }
}

/// How many apps there are and what has become of them.
struct Counts<'a>(&'a [Entry<'a>]);

impl Display for Counts<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let n_apps = self.0.len();
        write!(f, "{n_apps} {}", if n_apps == 1 { "app" } else { "apps" })?;
        for state in ["loaded", "loading", "failed", "idle", "declarative", "off"] {
            let n = self.0.iter().filter(|entry| word(entry.state) == state).count();
            if n > 0 {
                write!(f, " \u{b7} {n} {state}")?;
            }
        }
        Ok(())
    }
}

struct Search<'a>(&'a Filter);

impl Display for Search<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let words = Escaped(&self.0.words);
        f.write_str("<form class=\"search\" role=\"search\" action=\"/\">\n")?;
        if !self.0.category.is_empty() {
            writeln!(f, "<input type=\"hidden\" name=\"category\" value=\"{}\">", Escaped(&self.0.category))?;
        }
        writeln!(
            f,
            "<input type=\"search\" name=\"q\" value=\"{words}\" placeholder=\"Search apps\" aria-label=\"Search apps\">\
             <button>Search</button>\n</form>"
        )
    }
}

/// The categories as links; nothing where one would not choose anything.
struct Chips<'a> {
    entries: &'a [Entry<'a>],
    filter: &'a Filter,
}

impl Display for Chips<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for category in self.entries.iter().flat_map(|entry| entry.app.categories()) {
            *counts.entry(category).or_default() += 1;
        }
        if counts.len() < 2 {
            return Ok(());
        }
        f.write_str("<ul class=\"chips\">\n")?;
        self.chip(f, "All", "", self.entries.len())?;
        counts.iter().try_for_each(|(category, n)| self.chip(f, category, category, *n))?;
        f.write_str("</ul>\n")
    }
}

impl Chips<'_> {
    fn chip(&self, f: &mut Formatter<'_>, label: &str, category: &str, n: usize) -> fmt::Result {
        let current = if category == self.filter.category { " aria-current=\"true\"" } else { "" };
        let href = self.filter.within(category);
        writeln!(f, "<li><a href=\"{}\"{current}>{} {n}</a></li>", Escaped(&href), Escaped(label))
    }
}

struct Apps<'a>(&'a [Entry<'a>]);

impl Display for Apps<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("<p class=\"none\">No app is like that. <a href=\"/\">Show all</a></p>\n");
        }
        f.write_str("<ul class=\"apps\">\n")?;
        self.0.iter().try_for_each(|entry| card(f, *entry))?;
        f.write_str("</ul>\n")
    }
}

fn card(f: &mut Formatter<'_>, entry: Entry<'_>) -> fmt::Result {
    let app = entry.app;
    let icon = Icon { href: entry.icon, name: app.name(), slug: app.slug() };
    let name = Escaped(app.name());
    write!(f, "<li class=\"app\">{icon}<div><h3>")?;
    match page_of(entry) {
        Some(href) => write!(f, "<a href=\"{}\">{name}</a>", Escaped(href))?,
        None => write!(f, "{name}")?,
    }
    write!(f, "</h3><p>{}</p><span class=\"tags\">{}", Escaped(app.description()), StateTag(entry))?;
    if app.is_core() {
        f.write_str("<span>core</span>")?;
    }
    app.categories().take(2).try_for_each(|category| write!(f, "<span>{}</span>", Escaped(category)))?;
    f.write_str("</span></div></li>\n")
}

/// The state of an app as a word and a dot.
pub(super) struct StateTag<'a>(pub(super) Entry<'a>);

impl Display for StateTag<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let word = word(self.0.state);
        write!(f, "<span class=\"state {word}\">{word}</span>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters() {
        for (query, words, needles, category) in [
            (None, "", &[][..], ""),
            (Some(""), "", &[], ""),
            (Some("q=Video+call&category=a%20b"), "Video call", &["call", "video"], "a b"),
            (Some("q=a++B%09b+A"), "a  B\tb A", &["a", "b"], ""),
            (Some("x=1&q=%3Cb%3E"), "<b>", &["<b>"], ""),
            (Some("q"), "", &[], ""),
        ] {
            let expected = Filter {
                words: words.to_owned(),
                needles: needles.iter().map(|needle| (*needle).to_owned()).collect(),
                category: category.to_owned(),
            };
            assert_eq!(Filter::parse(query), expected, "{query:?}");
        }
    }

    #[test]
    fn another_category_keeps_the_words() {
        let filter = Filter { words: "a&b".to_owned(), category: "video".to_owned(), ..Filter::default() };
        assert_eq!(filter.within("q&a"), "/?q=a%26b&category=q%26a");
        assert_eq!(filter.within(""), "/?q=a%26b");
        assert_eq!(Filter::default().within(""), "/");
    }
}
