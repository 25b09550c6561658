//! What `route!` and `asset!` may name in the package that bakes: its build script writes it beside the table, and the
//! macros read it.
//!
//! The table does not do for that: it has links, and no sets by whose folders assets are named. A line a fact, its fields
//! parted by tabs:
//!
//! ```text
//! bakehouse names 1
//! root    apps
//! route   /api/integrations/zoom/{*rest}
//! asset   zoom    zoom    static/icon.svg icon.svg        app-assets/zoom/icon.svg
//! ```

use std::fmt::Write as _;

/// The first line.
const HEADER: &str = "bakehouse names 1";

/// What may be named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// The folder of the apps: absolute, or relative to the package.
    pub root: String,
    /// Whether nothing is wrong with the manifests. If something is, that is told elsewhere, and nothing here counts.
    pub is_whole: bool,
    /// Patterns of routes, prefix and variables filled in.
    pub routes: Vec<String>,
    /// Assets, those of one app together.
    pub assets: Vec<NamedAsset>,
}

/// An asset of an app.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedAsset {
    /// The app's slug.
    pub slug: String,
    /// The app's folder below the folder of the apps.
    pub folder: String,
    /// Where it lies in the app's folder.
    pub source: String,
    /// Its path in its set, by which it is named.
    pub name: String,
    /// Its place in the public folder.
    pub public: String,
}

impl Names {
    /// The text of the file. What has control characters is left out: nobody names it, and a line could not hold it.
    pub fn write(&self) -> String {
        let mut text = format!("{HEADER}\nroot\t{}\n", self.root);
        if !self.is_whole {
            text.push_str("broken\n");
        }
        for route in &self.routes {
            write_line(&mut text, &["route", route]);
        }
        for NamedAsset { slug, folder, source, name, public } in &self.assets {
            write_line(&mut text, &["asset", slug, folder, source, name, public]);
        }
        text
    }

    /// What a file says; none if this crate's version did not write it.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let root = lines.next().filter(|line| *line == HEADER).and_then(|_| lines.next()?.strip_prefix("root\t"))?;
        let mut names = Self { root: root.to_owned(), is_whole: true, ..Self::default() };
        for line in lines {
            names.take(line)?;
        }
        Some(names)
    }

    fn take(&mut self, line: &str) -> Option<()> {
        let fields: Vec<&str> = line.split('\t').collect();
        match fields.as_slice() {
            ["broken"] => self.is_whole = false,
            ["route", route] => self.routes.push((*route).to_owned()),
            ["asset", fields @ ..] => {
                let fields: &[&str; 5] = fields.try_into().ok()?;
                let [slug, folder, source, name, public] = fields.map(str::to_owned);
                self.assets.push(NamedAsset { slug, folder, source, name, public });
            }
            _ => return None,
        }
        Some(())
    }
}

fn write_line(text: &mut String, fields: &[&str]) {
    if !fields.iter().any(|field| field.contains(char::is_control)) {
        // A `String` takes whatever is written to it.
        let _ = writeln!(text, "{}", fields.join("\t"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn icon(name: &str) -> NamedAsset {
        NamedAsset {
            slug: "zoom".to_owned(),
            folder: "video/zoom".to_owned(),
            source: format!("static/{name}"),
            name: name.to_owned(),
            public: format!("app-assets/zoom/{name}"),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for is_whole in [true, false] {
            let routes = vec!["/".to_owned(), "/a b/{*rest}".to_owned()];
            let names =
                Names { root: "apps".to_owned(), is_whole, routes, assets: vec![icon("a b.svg"), icon("\u{e4}")] };
            assert_eq!(Names::read(&names.write()), Some(names));
        }
    }

    #[test]
    fn what_no_line_can_hold_is_left_out() {
        let names = Names { is_whole: true, assets: vec![icon("a\nb"), icon("a\tb"), icon("c")], ..Names::default() };
        let read = Names::read(&names.write()).expect("is of this version");
        assert_eq!(read.assets, [icon("c")]);
    }

    #[test]
    fn another_file_is_not_read() {
        for text in
            ["", "bakehouse names 2\nroot\tapps\n", "bakehouse names 1\n", "bakehouse names 1\nroot\ta\nasset\tx\n"]
        {
            assert_eq!(Names::read(text), None, "{text}");
        }
    }
}
