//! What tells one state of a file from another, and what a request's preconditions say about it (RFC 9110,
//! section 13).

use std::fs::Metadata;
use std::time::{Duration, SystemTime};

use http::header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE};
use http::{HeaderMap, HeaderName};
use xxhash_rust::xxh3::xxh3_64;

/// A file that changed less than this long ago may change again within the same tick of the file system's clock.
const SETTLED: Duration = Duration::from_secs(1);

/// What a request's preconditions ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Send it.
    Send,
    /// The client has it: 304.
    NotModified,
    /// It is not what the client thinks: 412.
    Failed,
}

/// The state of a file: its entity tag and when it was modified.
#[derive(Debug, Clone)]
pub(crate) struct Validator {
    /// The entity tag, with its quotes, without `W/`.
    tag: String,
    /// Whether the same tag could be seen for other bytes.
    weak: bool,
    /// Whole seconds, as the header has them.
    modified: Option<SystemTime>,
}

impl Validator {
    /// The state that the metadata of an open file shows, at `now`.
    ///
    /// The tag stands for length, time of change in nanoseconds and inode, hashed so that none of them is told. It is
    /// weak while the file is so young that a change could go unseen.
    pub(crate) fn new(metadata: &Metadata, now: SystemTime) -> Self {
        let modified = metadata.modified().ok();
        let since_epoch = modified.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
        let nanos = since_epoch.map_or(0, |time| time.as_nanos());
        let mut state = Vec::with_capacity(32);
        state.extend(metadata.len().to_le_bytes());
        state.extend(nanos.to_le_bytes());
        state.extend(inode(metadata).to_le_bytes());
        Self {
            tag: format!("\"{:016x}\"", xxh3_64(&state)),
            weak: modified.and_then(|time| now.duration_since(time).ok()).is_none_or(|age| age < SETTLED),
            modified: since_epoch.map(|time| SystemTime::UNIX_EPOCH + Duration::from_secs(time.as_secs())),
        }
    }

    /// The value of `ETag`.
    pub(crate) fn etag(&self) -> String {
        format!("{}{}", if self.weak { "W/" } else { "" }, self.tag)
    }

    /// The value of `Last-Modified`.
    pub(crate) fn last_modified(&self) -> Option<String> {
        self.modified.map(httpdate::fmt_http_date)
    }

    /// What the preconditions of a GET or HEAD say, in the order of RFC 9110, section 13.2.2.
    pub(crate) fn judge(&self, headers: &HeaderMap) -> Verdict {
        if let Some(tags) = list(headers, &IF_MATCH) {
            if !self.is_among(&tags, true) {
                return Verdict::Failed;
            }
        } else if date(headers, &IF_UNMODIFIED_SINCE).is_some_and(|time| self.modified.is_none_or(|own| own > time)) {
            return Verdict::Failed;
        }
        let known = match list(headers, &IF_NONE_MATCH) {
            Some(tags) => self.is_among(&tags, false),
            None => date(headers, &IF_MODIFIED_SINCE).is_some_and(|time| self.modified.is_some_and(|own| own <= time)),
        };
        if known { Verdict::NotModified } else { Verdict::Send }
    }

    /// Whether a range may be answered: there is no `If-Range`, or it names this very state.
    pub(crate) fn admits_range(&self, headers: &HeaderMap) -> bool {
        let Some(value) = headers.get(IF_RANGE) else { return true };
        let Ok(value) = value.to_str() else { return false };
        if value.contains('"') {
            self.is_among(value, true)
        } else {
            // A date can't tell two states within one second apart, so a young file does not go by it.
            !self.weak
                && self.modified.is_some_and(|own| httpdate::parse_http_date(value).is_ok_and(|time| time == own))
        }
    }

    /// Whether the list of entity tags names this state; `strong` rules weak ones out. A tag of ours has no comma,
    /// so that one that has cannot be taken for it in pieces.
    fn is_among(&self, tags: &str, strong: bool) -> bool {
        let same = |tag: &str| match tag.strip_prefix("W/") {
            Some(tag) => !strong && tag == self.tag,
            None => !(strong && self.weak) && tag == self.tag,
        };
        tags.trim() == "*" || tags.split(',').any(|tag| same(tag.trim()))
    }
}

/// All values of a list header, joined as the standard says; none if the client did not send it.
fn list(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    headers.contains_key(name).then(|| values.join(","))
}

fn date(headers: &HeaderMap, name: &HeaderName) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(name)?.to_str().ok()?).ok()
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_metadata: &Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: u64 = 1_700_000_000;

    fn validator(weak: bool) -> Validator {
        Validator {
            tag: "\"abc\"".to_owned(),
            weak,
            modified: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(TIME)),
        }
    }

    fn header(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().expect("a header's value"))])
    }

    fn http_date(seconds: u64) -> String {
        httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
    }

    #[test]
    fn preconditions() {
        for (name, value, expected) in [
            (IF_NONE_MATCH, "\"abc\"", Verdict::NotModified),
            (IF_NONE_MATCH, "W/\"abc\"", Verdict::NotModified),
            (IF_NONE_MATCH, "\"x\", \"abc\"", Verdict::NotModified),
            (IF_NONE_MATCH, "*", Verdict::NotModified),
            (IF_NONE_MATCH, "\"x\"", Verdict::Send),
            (IF_MATCH, "\"abc\"", Verdict::Send),
            (IF_MATCH, "W/\"abc\"", Verdict::Failed),
            (IF_MATCH, "\"x\"", Verdict::Failed),
            (IF_MODIFIED_SINCE, &http_date(TIME), Verdict::NotModified),
            (IF_MODIFIED_SINCE, &http_date(TIME - 1), Verdict::Send),
            (IF_MODIFIED_SINCE, "yesterday", Verdict::Send),
            (IF_UNMODIFIED_SINCE, &http_date(TIME), Verdict::Send),
            (IF_UNMODIFIED_SINCE, &http_date(TIME - 1), Verdict::Failed),
        ] {
            let headers = header(name.clone(), value);
            assert_eq!(validator(false).judge(&headers), expected, "{name}: {value}");
        }
    }

    #[test]
    fn a_tag_goes_before_a_date() {
        let mut headers = header(IF_NONE_MATCH, "\"x\"");
        headers.insert(IF_MODIFIED_SINCE, http_date(TIME).parse().expect("a header's value"));
        assert_eq!(validator(false).judge(&headers), Verdict::Send);
    }

    #[test]
    fn only_a_strong_tag_admits_a_range() {
        for (weak, value, expected) in [
            (false, "\"abc\"".to_owned(), true),
            (false, "W/\"abc\"".to_owned(), false),
            (false, "\"x\"".to_owned(), false),
            (true, "\"abc\"".to_owned(), false),
            (false, http_date(TIME), true),
            (false, http_date(TIME + 1), false),
            (true, http_date(TIME), false),
        ] {
            let headers = header(IF_RANGE, &value);
            assert_eq!(validator(weak).admits_range(&headers), expected, "{value}, weak: {weak}");
        }
        assert!(validator(true).admits_range(&HeaderMap::new()));
    }
}
