//! What is wrong with a request by its head alone, before anybody looks at what it is for.

use http::header::HOST;
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, StatusCode, Version};

use crate::config::Config;
use crate::problem::Problem;

/// Why a request is not to be answered.
pub(crate) fn refusal(config: &Config, request: &Parts) -> Option<Problem> {
    if request.uri.path_and_query().is_some_and(|path| path.as_str().len() > config.path_limit) {
        let detail = format!("A path with its query may have {} bytes at most.", config.path_limit);
        return Some(Problem::new(StatusCode::URI_TOO_LONG, detail));
    }
    let Lines { len, hosts } = Lines::of(&request.headers);
    if len > config.header_limit {
        let detail = format!("The headers of a request may have {} bytes at most.", config.header_limit);
        return Some(Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, detail));
    }
    let problem = || Problem::new(StatusCode::BAD_REQUEST, "The request must name its host, once.");
    (!names_its_host(request.version, hosts)).then(problem)
}

/// What is looked at in the header lines of a request, in one go.
struct Lines<'h> {
    /// How many bytes they have, each written as usual: `name: value` and the end of the line.
    len: usize,
    /// The first two that say which host the request is for.
    hosts: [Option<&'h HeaderValue>; 2],
}

impl<'h> Lines<'h> {
    fn of(headers: &'h HeaderMap) -> Self {
        let mut lines = Self { len: 0, hosts: [None, None] };
        for (name, value) in headers {
            lines.len += name.as_str().len() + value.len() + 4;
            if name == HOST {
                lines.hosts =
                    if lines.hosts[0].is_none() { [Some(value), None] } else { [lines.hosts[0], Some(value)] };
            }
        }
        lines
    }
}

/// Whether the request says which host it is for, in one `Host` header that can be one (RFC 9112, section 3.2): of two,
/// a proxy might have gone by the other. Before HTTP/1.1 there need not be any.
fn names_its_host(version: Version, hosts: [Option<&HeaderValue>; 2]) -> bool {
    match hosts {
        [None, _] => version != Version::HTTP_11,
        [Some(host), None] => host.to_str().is_ok_and(is_host),
        [Some(_), Some(_)] => false,
    }
}

/// Whether this is a host with or without a port; it is empty where the request's target has no authority.
fn is_host(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let (name, port) = text.split_once(':').unwrap_or((text, "0"));
    // Most are so; the rest is looked at closer.
    let is_usual = name.bytes().all(is_plain) && port.bytes().all(|byte| byte.is_ascii_digit());
    is_usual && !name.is_empty() && matches!(port.len(), 1..=4) || is_authority(text)
}

fn is_authority(text: &str) -> bool {
    text.is_empty() || text.parse::<Authority>().is_ok() && !text.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usual_is_an_authority() {
        for text in [
            "a",
            "a.b-c",
            "A9",
            "a:0",
            "a:8080",
            "a:65535",
            "a:99999",
            "a:",
            ":1",
            "a:x",
            "a:1:2",
            "-",
            ".",
            "a.",
            "1.2.3.4:5",
        ] {
            assert_eq!(is_host(text), is_authority(text), "{text}");
        }
    }

    #[test]
    fn hosts() {
        for (text, expected) in [
            ("", true),
            ("localhost:4310", true),
            ("a_b.example", true),
            ("[::1]:80", true),
            ("a b", false),
            ("a@b", false),
            ("a/b", false),
            ("\u{e4}", false),
        ] {
            assert_eq!(is_host(text), expected, "{text}");
        }
    }
}
