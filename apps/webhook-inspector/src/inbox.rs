//! Inboxes in memory: requests in, the last of them out. Bounded in every direction, since anybody may send.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

/// How many inboxes there may be; a new one takes the place of the one that has waited longest for a request.
const INBOXES: usize = 64;

/// How many requests an inbox keeps.
const REQUESTS: usize = 20;

/// How many bytes all inboxes keep together.
const BYTES: usize = 4 * 1024 * 1024;

/// A request as it came in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Seen {
    /// When, in UTC.
    pub(crate) at: String,
    pub(crate) method: String,
    /// The path and the query, or the beginning of it.
    pub(crate) target: String,
    /// The first of them, in no order that means anything but for those of one name.
    pub(crate) headers: Vec<(String, String)>,
    /// The beginning of the body, with U+FFFD for what is not UTF-8.
    pub(crate) body: String,
    /// How long the whole body was.
    pub(crate) bytes: usize,
    /// Whether more came in than is kept of the body.
    pub(crate) cut: bool,
}

impl Seen {
    /// How many bytes of text are kept of it.
    fn size(&self) -> usize {
        let Self { at, method, target, headers, body, bytes: _, cut: _ } = self;
        let headers: usize = headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        at.len() + method.len() + target.len() + headers + body.len()
    }
}

/// Every inbox.
#[derive(Debug, Default)]
pub(crate) struct Inboxes {
    inboxes: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// How many requests have come in: the time by which inboxes are compared.
    clock: u64,
    inboxes: HashMap<String, Inbox>,
}

#[derive(Debug, Default)]
struct Inbox {
    touched: u64,
    seen: VecDeque<Seen>,
}

impl Inboxes {
    /// Puts a request into the inbox of that name.
    pub(crate) fn put(&self, name: &str, seen: Seen) {
        let mut state = self.inboxes.lock().unwrap_or_else(PoisonError::into_inner);
        state.clock += 1;
        let clock = state.clock;
        let inbox = state.inboxes.entry(name.to_owned()).or_default();
        inbox.touched = clock;
        inbox.seen.truncate(REQUESTS - 1);
        inbox.seen.push_front(seen);
        state.make_room();
    }

    /// What the inbox of that name holds, newest first; nothing for one that nobody has sent to.
    pub(crate) fn list(&self, name: &str) -> Vec<Seen> {
        let state = self.inboxes.lock().unwrap_or_else(PoisonError::into_inner);
        state.inboxes.get(name).map(|inbox| inbox.seen.iter().cloned().collect()).unwrap_or_default()
    }
}

impl State {
    /// Takes the quietest inboxes away until the others keep to the limits. The one that was written to last never goes: by
    /// itself it is far smaller than they are.
    fn make_room(&mut self) {
        while self.inboxes.len() > INBOXES || self.size() > BYTES {
            let oldest = self.inboxes.iter().min_by_key(|(_, inbox)| inbox.touched).map(|(name, _)| name.clone());
            let Some(name) = oldest else { return };
            self.inboxes.remove(&name);
        }
    }

    fn size(&self) -> usize {
        self.inboxes.values().flat_map(|inbox| &inbox.seen).map(Seen::size).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(body: usize) -> Seen {
        Seen {
            at: "2027-03-01T12:00:00Z".to_owned(),
            method: "POST".to_owned(),
            target: "/".to_owned(),
            headers: Vec::new(),
            body: body.to_string(),
            bytes: 1,
            cut: false,
        }
    }

    #[test]
    fn keeps_the_last_requests_newest_first() {
        let inboxes = Inboxes::default();
        for n in 0..REQUESTS + 5 {
            inboxes.put("a", seen(n));
        }
        inboxes.put("b", seen(99));
        let expected: Vec<_> = (5..REQUESTS + 5).rev().map(seen).collect();
        assert_eq!(inboxes.list("a"), expected);
        assert_eq!(inboxes.list("b"), [seen(99)]);
        assert_eq!(inboxes.list("c"), []);
    }

    #[test]
    fn a_new_inbox_takes_the_place_of_the_quietest() {
        let inboxes = Inboxes::default();
        for n in 0..INBOXES {
            inboxes.put(&n.to_string(), seen(n));
        }
        inboxes.put("0", seen(0));
        inboxes.put("new", seen(1));
        assert_eq!(inboxes.list("1"), []);
        assert_eq!(inboxes.list("0").len(), 2);
        assert_eq!(inboxes.list("2").len(), 1);
        assert_eq!(inboxes.list("new").len(), 1);
    }

    #[test]
    fn all_together_keep_to_their_bytes() {
        let inboxes = Inboxes::default();
        let large = Seen { body: "x".repeat(BYTES / 4), ..seen(0) };
        for name in ["a", "b", "c", "d"] {
            inboxes.put(name, large.clone());
        }
        let kept: Vec<_> = ["a", "b", "c", "d"].into_iter().filter(|name| !inboxes.list(name).is_empty()).collect();
        assert_eq!(kept, ["b", "c", "d"]);
        assert_eq!(inboxes.list("d"), [large]);
    }
}
