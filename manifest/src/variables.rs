//! `$slug`, `$name` and `$folder` in patterns and places.

/// What the variables stand for in one app.
#[derive(Debug, Clone, Copy)]
pub struct Variables<'a> {
    /// `$slug`.
    pub slug: &'a str,
    /// `$folder`: the app's folder below the folder of the apps.
    pub folder: &'a str,
    /// `$name`: the slug and every alias.
    pub names: &'a [&'a str],
}

impl Variables<'_> {
    /// The text with its variables filled in, once for each name if it has `$name`. `$$` is a dollar, and any other `$`
    /// is itself.
    ///
    /// ```
    /// let zoom = bakehouse_manifest::Variables { slug: "zoom", folder: "zoom", names: &["zoom", "zoomvideo"] };
    /// assert_eq!(zoom.fill("/$name/add"), ["/zoom/add", "/zoomvideo/add"]);
    /// ```
    pub fn fill(&self, text: &str) -> Vec<String> {
        if !text.contains('$') {
            return vec![text.to_owned()];
        }
        let names = if has_name(text) { self.names } else { self.names.get(..1).unwrap_or_default() };
        names.iter().map(|name| self.fill_with(text, name)).collect()
    }

    fn fill_with(&self, text: &str, name: &str) -> String {
        let mut filled = String::with_capacity(text.len() + name.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('$') {
            filled.push_str(before);
            let (value, left) = [("$", "$"), ("slug", self.slug), ("name", name), ("folder", self.folder)]
                .into_iter()
                .find_map(|(variable, value)| Some((value, behind.strip_prefix(variable)?)))
                .unwrap_or(("$", behind));
            filled.push_str(value);
            rest = left;
        }
        filled.push_str(rest);
        filled
    }
}

/// Whether the text has `$name`, which `$$name` is not.
fn has_name(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once('$') {
        if behind.starts_with("name") {
            return true;
        }
        rest = behind.strip_prefix('$').unwrap_or(behind);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_filled_in() {
        let variables = Variables { slug: "zoom", folder: "video/zoom", names: &["zoom", "zoomvideo"] };
        let cases: &[(&str, &[&str])] = &[
            ("/apps/plain", &["/apps/plain"]),
            ("/apps/$slug/setup", &["/apps/zoom/setup"]),
            ("app-store/$folder", &["app-store/video/zoom"]),
            ("/api/$name/{*rest}", &["/api/zoom/{*rest}", "/api/zoomvideo/{*rest}"]),
            ("/$$slug/$5/$", &["/$slug/$5/$"]),
            ("/$$name", &["/$name"]),
            ("/$$$name", &["/$zoom", "/$zoomvideo"]),
        ];
        for (text, expected) in cases {
            assert_eq!(variables.fill(text), *expected, "{text}");
        }
    }
}
