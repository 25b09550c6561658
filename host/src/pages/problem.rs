//! The page of a request that went wrong.

use http::StatusCode;

use super::html::{Escaped, Page};

/// The page for a status, with a sentence on what happened and the request it happened to.
pub(crate) fn page(status: StatusCode, title: &str, detail: &str, path: &str) -> Page {
    let body = format!(
        "<main class=\"problem\">\n<p class=\"status\">{}</p>\n<h1>{}</h1>\n<p class=\"lead\">{}</p>\n\
         <p><code>{}</code></p>\n<p><a href=\"/\">All apps</a></p>\n</main>\n",
        status.as_u16(),
        Escaped(title),
        Escaped(detail),
        Escaped(path),
    );
    Page { title: format!("{title} \u{b7} {}", status.as_u16()), body }
}
