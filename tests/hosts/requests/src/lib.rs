//! The requests that hosts of every kind answer alike, and what takes their answers apart.
//!
//! A host's test hands [`check`] a way to ask it; [`Server`] is that way where the host is a program that listens.

mod server;

pub use server::Server;

/// A request and its answer.
struct Case {
    method: &'static str,
    target: &'static str,
    status: u16,
    /// A header that the answer has, with its value.
    header: Option<(&'static str, &'static str)>,
    /// What the body begins with; nothing where it is empty.
    body: &'static str,
}

const TEXT: Option<(&str, &str)> = Some(("content-type", "text/plain; charset=utf-8"));

const CASES: [Case; 10] = [
    case("GET", "/greeting/it/Anna", 200, TEXT, "Buongiorno, Anna!"),
    case("GET", "/greeting/de/Zo%C3%AB?title=Dr.", 200, TEXT, "Guten Tag, Dr. Zo\u{eb}!"),
    case("HEAD", "/greeting/de/Anna", 200, TEXT, ""),
    case("GET", "/hello", 200, TEXT, "`de`, `en`, `it`"),
    // The app's own refusals.
    case("GET", "/greeting/xy/Anna", 404, None, "nobody is greeted in `xy`, but in `de`, `en`, `it`"),
    case("GET", "/greeting/de/%FF", 400, None, "param is not valid UTF-8"),
    // Those of the table.
    case("POST", "/greeting/it/Anna", 405, Some(("allow", "GET, HEAD")), ""),
    case("GET", "/hello/", 308, Some(("location", "/hello")), ""),
    case("GET", "/greeting/it", 404, None, ""),
    case("GET", "/nothing", 404, None, ""),
];

const fn case(
    method: &'static str,
    target: &'static str,
    status: u16,
    header: Option<(&'static str, &'static str)>,
    body: &'static str,
) -> Case {
    Case { method, target, status, header, body }
}

/// Asks a host everything, twice: an app that is loaded answers as the one that was loaded for it.
///
/// `ask` takes a method and a target, and gives the answer as it would go over the wire.
///
/// # Panics
///
/// If an answer is not as it should be.
pub fn check(mut ask: impl FnMut(&str, &str) -> Vec<u8>) {
    for Case { method, target, status, header, body } in CASES.iter().chain(&CASES) {
        let bytes = ask(method, target);
        let answer = String::from_utf8_lossy(&bytes);
        let (head, found) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{method} {target}: {answer}"));
        let mut lines = head.lines();
        let status_line = lines.next().unwrap_or_default();
        assert!(status_line.starts_with(&format!("HTTP/1.1 {status} ")), "{method} {target}: {answer}");
        if let Some((name, value)) = header {
            let has = lines.any(|line| {
                line.split_once(": ").is_some_and(|(known, it)| known.eq_ignore_ascii_case(name) && it == *value)
            });
            assert!(has, "{method} {target}: {name}: {value}: {answer}");
        }
        assert!(found.starts_with(body), "{method} {target}: {answer}");
        assert!(*method != "HEAD" || found.is_empty(), "{method} {target}: {answer}");
    }
}
