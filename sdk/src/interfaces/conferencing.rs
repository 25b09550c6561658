//! Meetings, to apps that invite to them.

use crate::{BoxFuture, Error};

/// A service with rooms for meetings.
pub trait Conferencing: Send + Sync {
    /// What people call it.
    fn name(&self) -> &str;

    /// Makes a room for a meeting on `topic` and gives the address under which people join it: an absolute URL.
    ///
    /// # Errors
    ///
    /// If no room can be made.
    fn meeting_link<'a>(&'a self, topic: &'a str) -> BoxFuture<'a, Result<String, Error>>;
}
