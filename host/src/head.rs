//! What is wrong with a request by its head alone, before anybody looks at what it is for.

use http::header::HOST;
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, StatusCode, Version};

use crate::config::Config;
use crate::problem::Problem;

/// Why a request is not to be answered.
pub(crate) fn refusal(config: &Config, request: &Parts) -> Option<Problem> {
    if request.uri.path_and_query().is_some_and(|path| path.as_str().len() > config.path_limit) {
        let detail = format!("A path with its query may have {} bytes at most.", config.path_limit);
        return Some(Problem::new(StatusCode::URI_TOO_LONG, detail));
    }
    if len(&request.headers) > config.header_limit {
        let detail = format!("The headers of a request may have {} bytes at most.", config.header_limit);
        return Some(Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, detail));
    }
    let problem = || Problem::new(StatusCode::BAD_REQUEST, "The request must name its host, once.");
    (!names_its_host(request)).then(problem)
}

/// How many bytes the header lines have, each written as usual: `name: value` and the end of the line.
fn len(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

/// Whether the request says which host it is for, in one `Host` header that can be one (RFC 9112, section 3.2): of two,
/// a proxy might have gone by the other. Before HTTP/1.1 there need not be any.
fn names_its_host(request: &Parts) -> bool {
    let mut hosts = request.headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => request.version != Version::HTTP_11,
        (Some(host), None) => host.to_str().is_ok_and(is_host),
        (Some(_), Some(_)) => false,
    }
}

/// Whether this is a host with or without a port; it is empty where the request's target has no authority.
fn is_host(text: &str) -> bool {
    text.is_empty() || text.parse::<Authority>().is_ok() && !text.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

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
