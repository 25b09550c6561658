//! A calendar, to apps that plan.

use crate::{BoxFuture, Error};

/// A calendar that can be asked when its owner is busy.
pub trait Calendar: Send + Sync {
    /// What people call it.
    fn name(&self) -> &str;

    /// When its owner is busy between two Unix times, `from` included and `to` not: sorted, and without overlap.
    ///
    /// # Errors
    ///
    /// If the calendar can't be asked.
    fn busy(&self, from: i64, to: i64) -> BoxFuture<'_, Result<Vec<Busy>, Error>>;
}

/// A time in which somebody is busy, in Unix time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Busy {
    /// The first second of it.
    pub from: i64,
    /// The first second behind it; greater than `from`.
    pub to: i64,
}
