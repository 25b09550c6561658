//! Serves the public folder: from a request to the file below it, whole, in part, or not again.

mod body;
mod path;
mod place;
mod range;
mod validator;
mod version;

use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use bakehouse_runtime::AppId;
use bakehouse_runtime::href::Href;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, LAST_MODIFIED, RANGE,
};
use http::request::Parts;
use http::response::Builder;
use http::{Method, StatusCode};

use self::body::{CHUNK, FileBody};
use self::path::to_path;
use self::place::Opened;
pub(crate) use self::place::Place;
use self::range::Wanted;
use self::validator::{Validator, Verdict};
use self::version::State;
use crate::body::{Body, Response};

/// What came of a request for a file.
pub(crate) enum Outcome {
    /// An answer to send as it is.
    Answer(Response),
    /// No file that may be shown.
    Missing,
    /// A file, and a method other than GET and HEAD.
    WrongMethod,
    /// A precondition of the client does not hold.
    Changed,
    /// The range lies beyond the file, which has so many bytes.
    Beyond(u64),
}

/// Answers a request from the public folder.
///
/// # Errors
/// What the system says when a file is there and can't be read.
pub(crate) async fn answer(place: Arc<Place>, request: Parts) -> io::Result<Outcome> {
    let Some(relative) = path::relative(request.uri.path()) else { return Ok(Outcome::Missing) };
    // One hop for all that may wait for the disk; only what is too long to read at once comes back for more.
    let task = tokio::task::spawn_blocking(move || match place.open(&relative)? {
        None => Ok(Outcome::Missing),
        Some(opened) => outcome(&place, opened, &relative, &request),
    });
    task.await.map_err(io::Error::other)?
}

/// The app whose lazy assets have to be linked before a request for a file of theirs can be answered.
pub(crate) fn lazy_app(place: &Place, request: &Parts) -> Option<AppId> {
    place.lazy_app(&path::relative(request.uri.path())?)
}

/// Whether the file of a request is in place before the host answers.
pub(crate) fn is_critical(place: &Place, request: &Parts) -> bool {
    path::relative(request.uri.path()).is_some_and(|relative| place.is_critical(&relative))
}

/// Names an asset by its path below the public folder, for a page to refer to.
pub(crate) fn href(public: &[u8]) -> String {
    Href::of_public(public).into()
}

fn outcome(place: &Place, mut opened: Opened, relative: &[u8], request: &Parts) -> io::Result<Outcome> {
    if request.method != Method::GET && request.method != Method::HEAD {
        return Ok(Outcome::WrongMethod);
    }
    let now = SystemTime::now();
    let state = match version::wanted(request.uri.query()) {
        Some(wanted) => place.versions.check(relative, &mut opened, wanted, now)?,
        None => None,
    };
    let about = About { validator: Validator::new(&opened.metadata, now), lasting: state };
    match about.validator.judge(&request.headers) {
        Verdict::Failed => Ok(Outcome::Changed),
        Verdict::NotModified => {
            let response = about.response(StatusCode::NOT_MODIFIED).body(Body::empty());
            response.map(Outcome::Answer).map_err(io::Error::other)
        }
        Verdict::Send => send(opened, &about, relative, request),
    }
}

fn send(opened: Opened, about: &About, relative: &[u8], request: &Parts) -> io::Result<Outcome> {
    let len = opened.metadata.len();
    let (status, first, n) = match wanted(request, &about.validator, len) {
        Wanted::Beyond => return Ok(Outcome::Beyond(len)),
        Wanted::Whole => (StatusCode::OK, 0, len),
        Wanted::Part { first, last } => (StatusCode::PARTIAL_CONTENT, first, last - first + 1),
    };
    let mut builder = about
        .response(status)
        .header(CONTENT_TYPE, content_type(relative))
        .header(ACCEPT_RANGES, "bytes")
        .header(CONTENT_LENGTH, n);
    if status == StatusCode::PARTIAL_CONTENT {
        builder = builder.header(CONTENT_RANGE, format!("bytes {first}-{}/{len}", first + n - 1));
    }
    let is_head = request.method == Method::HEAD;
    let body = if is_head { Body::empty() } else { contents(opened, first, n, about.lasting)? };
    builder.body(body).map(Outcome::Answer).map_err(io::Error::other)
}

/// What every answer says about a file.
struct About {
    validator: Validator,
    /// The file's state if what it holds is the version that the address names, so that the answer holds for ever.
    lasting: Option<State>,
}

impl About {
    /// The start of an answer.
    ///
    /// `no-cache` lets a client keep the file but has it ask before each use: names stay the same when an app's assets
    /// change, and asking costs it a 304. Under an address that names what it holds, it need not ask.
    fn response(&self, status: StatusCode) -> Builder {
        let keep = if self.lasting.is_some() { "public, max-age=31536000, immutable" } else { "no-cache" };
        let builder = http::Response::builder().status(status).header(ETAG, self.validator.etag());
        let builder = builder.header(CACHE_CONTROL, keep);
        match self.validator.last_modified() {
            Some(time) => builder.header(LAST_MODIFIED, time),
            None => builder,
        }
    }
}

/// What the request wants of a file of `len` bytes; ranges have a meaning for GET alone.
fn wanted(request: &Parts, validator: &Validator, len: u64) -> Wanted {
    let range = request.headers.get(RANGE).and_then(|value| value.to_str().ok());
    let range = range.filter(|_| request.method == Method::GET && validator.admits_range(&request.headers));
    range.map_or(Wanted::Whole, |header| range::wanted(header, len))
}

/// `n` bytes from `first`: read here if they are few, else while they are sent. An answer that is to be kept breaks off if
/// the file leaves its state meanwhile.
fn contents(opened: Opened, first: u64, n: u64, lasting: Option<State>) -> io::Result<Body> {
    let mut file = opened.file;
    if first > 0 {
        file.seek(SeekFrom::Start(first))?;
    }
    if n > CHUNK {
        return Ok(Body::stream(FileBody::new(file, n, lasting)?));
    }
    let mut bytes = Vec::new();
    file.by_ref().take(n).read_to_end(&mut bytes)?;
    body::check_state(&file, lasting)?;
    if bytes.len() as u64 == n { Ok(Body::from(bytes)) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// The content type by the file's name; text is UTF-8 today, and browsers guess otherwise unless told.
fn content_type(relative: &[u8]) -> String {
    let path = to_path(relative).unwrap_or_default();
    let name = mime_guess::from_path(Path::new(&path)).first_raw().unwrap_or("application/octet-stream");
    if name.starts_with("text/") { format!("{name}; charset=utf-8") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types() {
        for (name, expected) in [
            ("icon.svg", "image/svg+xml"),
            ("a/icon.png", "image/png"),
            ("index.html", "text/html; charset=utf-8"),
            ("style.CSS", "text/css; charset=utf-8"),
            ("app.js", "text/javascript; charset=utf-8"),
            ("data.json", "application/json"),
            ("photo.webp", "image/webp"),
            ("font.woff2", "font/woff2"),
            ("module.wasm", "application/wasm"),
            ("LICENSE", "application/octet-stream"),
        ] {
            assert_eq!(content_type(name.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn hrefs_are_encoded() {
        assert_eq!(href(b"app-assets/a b/\"x\".svg"), "/app-assets/a%20b/%22x%22.svg");
    }
}
