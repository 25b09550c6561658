//! What goes wrong while the host serves: told to whoever runs it, in full, and to a client only as far as it may know.

use std::error::Error;
use std::fmt::{self, Debug, Display, Formatter, Write as _};
use std::io::{self, Write as _};
use std::sync::Arc;

use http::request::Parts;

/// Something that went wrong with one request or one app while everything else went on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trouble {
    /// The slug of the app that it is about, if it is about one.
    pub app: Option<&'static str>,
    /// The method and path of the request on which it showed, if it is about one.
    pub request: Option<String>,
    /// What went wrong.
    pub message: String,
    /// Why, each the cause of the one before.
    pub causes: Vec<String>,
}

impl Trouble {
    /// An error and its causes.
    pub(crate) fn new(app: Option<&'static str>, request: &Parts, error: &dyn Error) -> Self {
        let causes = causes(error).map(ToString::to_string).collect();
        Self { causes, ..Self::message(app, request, error.to_string()) }
    }

    /// What is about no request and no app.
    pub(crate) fn of_host(message: &str, error: &dyn Error) -> Self {
        Self { app: None, request: None, message: message.to_owned(), causes: Vec::new() }.because(error)
    }

    /// The trouble with this error and its causes behind its own.
    pub(crate) fn because(mut self, error: &dyn Error) -> Self {
        self.causes.push(error.to_string());
        self.causes.extend(causes(error).map(ToString::to_string));
        self
    }

    /// An error that is known by its message alone.
    pub(crate) fn message(app: Option<&'static str>, request: &Parts, message: String) -> Self {
        let request = Some(format!("{} {}", request.method, request.uri.path()));
        Self { app, request, message, causes: Vec::new() }
    }
}

/// What an error was caused by, and that by, and so on.
pub(crate) fn causes(error: &dyn Error) -> impl Iterator<Item = &dyn Error> {
    std::iter::successors(error.source(), |&cause| cause.source()).map(|cause| cause as &dyn Error)
}

impl Display for Trouble {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", Printable(&self.message))?;
        if let Some(request) = &self.request {
            write!(f, "\n  on: {}", Printable(request))?;
        }
        if let Some(app) = self.app {
            write!(f, "\n  app: {app}")?;
        }
        self.causes.iter().try_for_each(|cause| write!(f, "\n  Caused by: {}", Printable(cause)))
    }
}

/// Text that may quote a request: what a terminal would obey is escaped, and lines after the first are set in, so that
/// nobody can write a trouble of their own into the log.
struct Printable<'t>(&'t str);

impl Display for Printable<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '\n' => f.write_str("\n    "),
            c if c.is_control() => write!(f, "{}", c.escape_default()),
            c => f.write_char(c),
        })
    }
}

/// Who is told of troubles.
#[derive(Clone)]
pub struct Listener(Arc<dyn Fn(&Trouble) + Send + Sync>);

impl Listener {
    /// Tells this function, on whatever thread the trouble shows.
    pub fn new(tell: impl Fn(&Trouble) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    pub(crate) fn tell(&self, trouble: &Trouble) {
        (self.0)(trouble);
    }
}

/// Prints on stderr. If nobody reads that any more, requests are answered all the same.
impl Default for Listener {
    fn default() -> Self {
        Self::new(|trouble| drop(writeln!(io::stderr(), "{trouble}")))
    }
}

impl Debug for Listener {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_request_holds_stays_within_its_trouble() {
        let trouble = Trouble {
            app: Some("zoom"),
            request: Some("GET /\u{9b}31m".to_owned()),
            message: "no day `\r\nerror: forged`".to_owned(),
            causes: vec!["\u{1b}[2J".to_owned(), "a tab\tand \u{e4}".to_owned()],
        };
        let expected = "error: no day `\\r\n    error: forged`\n  on: GET /\\u{9b}31m\n  app: zoom\n  \
            Caused by: \\u{1b}[2J\n  Caused by: a tab\\tand \u{e4}";
        assert_eq!(trouble.to_string(), expected);
    }
}
