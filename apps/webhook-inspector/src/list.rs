//! The page of an inbox: requests in, HTML out.

use std::fmt::Write as _;

use bakehouse_sdk::page::Escaped;

use crate::inbox::Seen;

/// The requests, newest first.
pub(crate) fn html(requests: &[Seen]) -> String {
    if requests.is_empty() {
        return "<p>Nothing has come in yet.</p>\n".to_owned();
    }
    // Writing into a string can't fail.
    requests.iter().fold(String::new(), |mut html, seen| {
        let Seen { at, method, target, headers, body, bytes, cut } = seen;
        let _ =
            writeln!(html, "<h2><code>{} {}</code></h2>\n<p class=\"soft\">{at}</p>", Escaped(method), Escaped(target));
        html.push_str("<pre>");
        for (name, value) in headers {
            let _ = writeln!(html, "{}: {}", Escaped(name), Escaped(value));
        }
        let _ = writeln!(html, "\n{}</pre>", Escaped(body));
        if *cut {
            let _ =
                writeln!(html, "<p>The body is too large: these are the first {} of {bytes} bytes.</p>", crate::BODY);
        }
        html
    })
}
