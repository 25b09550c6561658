//! The events, in memory: gone when the host stops, and as many as fit.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use bakehouse_sdk::interfaces::Busy;
use jiff::Timestamp;

/// How many events there may be, since anybody may add one.
const MOST: usize = 1000;

/// An event to be kept. Its times are whole seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) title: String,
    pub(crate) start: Timestamp,
    /// Not in the event any more.
    pub(crate) end: Timestamp,
    /// Where people meet on line.
    pub(crate) meeting: Option<String>,
}

/// Every event by its number.
#[derive(Debug, Default)]
pub(crate) struct Events {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The last number that was given out; none is given out twice.
    last: u64,
    events: BTreeMap<u64, Event>,
}

impl Events {
    /// Keeps the event and gives its number, or nothing if there are too many events.
    pub(crate) fn add(&self, event: Event) -> Option<u64> {
        self.with(|state| {
            if state.events.len() >= MOST {
                return None;
            }
            state.last += 1;
            state.events.insert(state.last, event);
            Some(state.last)
        })
    }

    /// The event of that number.
    pub(crate) fn get(&self, id: u64) -> Option<Event> {
        self.with(|state| state.events.get(&id).cloned())
    }

    /// Takes the event of that number away, and says whether there was one.
    pub(crate) fn remove(&self, id: u64) -> bool {
        self.with(|state| state.events.remove(&id).is_some())
    }

    /// Every event with its number, the earliest first.
    pub(crate) fn list(&self) -> Vec<(u64, Event)> {
        let mut events: Vec<_> =
            self.with(|state| state.events.iter().map(|(id, event)| (*id, event.clone())).collect());
        events.sort_by_key(|(id, event)| (event.start, *id));
        events
    }

    /// When events take place between two Unix times, as [`Calendar::busy`](bakehouse_sdk::interfaces::Calendar::busy)
    /// wants it.
    pub(crate) fn busy(&self, from: i64, to: i64) -> Vec<Busy> {
        let events = self.list();
        let times = events.iter().map(|(_, event)| Busy { from: event.start.as_second(), to: event.end.as_second() });
        Busy::merged(times, from, to)
    }

    /// Nothing in here panics with the lock held, so a poisoned one is as good as any.
    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i8) -> Timestamp {
        format!("2027-03-01T{hour:02}:00:00Z").parse().unwrap()
    }

    fn event(title: &str, start: i8, end: i8) -> Event {
        Event { title: title.to_owned(), start: at(start), end: at(end), meeting: None }
    }

    #[test]
    fn is_busy_where_an_event_overlaps() {
        let events = Events::default();
        let times = [(19, 21), (12, 14), (13, 13), (13, 15), (15, 16), (12, 13)];
        for (start, end) in times {
            events.add(event("Meal", start, end)).unwrap();
        }
        let cases = [
            (0, 23, &[(12, 16), (19, 21)][..]),
            (10, 12, &[]),
            (10, 13, &[(12, 13)]),
            (13, 14, &[(13, 14)]),
            (16, 19, &[]),
            (15, 20, &[(15, 16), (19, 20)]),
            (21, 22, &[]),
            (14, 13, &[]),
        ];
        let unix = |hour| at(hour).as_second();
        for (from, to, expected) in cases {
            let expected: Vec<_> =
                expected.iter().map(|(from, to)| Busy { from: unix(*from), to: unix(*to) }).collect();
            assert_eq!(events.busy(unix(from), unix(to)), expected, "{from} to {to}");
        }
    }

    #[test]
    fn lists_by_start_and_never_gives_a_number_again() {
        let events = Events::default();
        let dinner = events.add(event("Dinner", 19, 21)).unwrap();
        let lunch = events.add(event("Lunch", 12, 14)).unwrap();
        assert_eq!(events.list(), [(lunch, event("Lunch", 12, 14)), (dinner, event("Dinner", 19, 21))]);
        assert!(events.remove(lunch));
        assert!(!events.remove(lunch));
        assert_eq!(events.get(lunch), None);
        assert!(events.add(event("Tea", 16, 17)).unwrap() > lunch);
        assert_eq!(events.get(dinner), Some(event("Dinner", 19, 21)));
    }

    #[test]
    fn is_full_at_some_point() {
        let events = Events::default();
        for _ in 0..MOST {
            events.add(event("Tea", 16, 17)).unwrap();
        }
        assert_eq!(events.add(event("Tea", 16, 17)), None);
    }
}
