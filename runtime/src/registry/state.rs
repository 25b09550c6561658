//! What can be said of an app's code at any moment.

use super::Registry;
use crate::AppId;

/// What is known of an app's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum State {
    /// It has none.
    Declarative,
    /// Switched off, by its manifest or by the environment.
    Off,
    /// Not needed so far, or kept from loading by what it requires.
    Idle,
    /// Its constructor is at work.
    Loading,
    /// There.
    Loaded,
    /// Its constructor failed; it is tried again on the next call that comes after its back-off.
    Failed,
}

impl<A: ?Sized + Send + Sync + 'static, C: 'static> Registry<A, C> {
    /// What is known of the app's code. Before the registry is started, and for a number that is not of its table,
    /// that is [`State::Declarative`] or [`State::Idle`].
    pub fn state(&self, app: AppId) -> State {
        match self.record(app).and_then(|record| self.place(record)) {
            Ok(place) => place.slot.state(),
            Err(error) if error.is_off() => State::Off,
            Err(error) if error.is_not_started() => State::Idle,
            Err(_) => State::Declarative,
        }
    }
}
