//! What is known of an event.

use jiff::Timestamp;

/// An event between two points in time, the second not in it any more. Both are the same for a mere moment.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Event {
    /// What it is called; blank if it has no name.
    pub(crate) title: String,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    /// Whether it takes up whole days, rather than begins at a time of day.
    pub(crate) whole_days: bool,
    /// Where it takes place; blank for nowhere in particular.
    pub(crate) location: String,
    /// Whether its owner is busy: it is neither cancelled nor marked as free time.
    pub(crate) takes_time: bool,
    /// Whether it repeats, and the server left it to others to work out when.
    pub(crate) repeats: bool,
}

/// What was read of a calendar.
#[derive(Debug, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Reading {
    pub(crate) events: Vec<Event>,
    /// A sentence for each event that could not be read.
    pub(crate) problems: Vec<String>,
}
