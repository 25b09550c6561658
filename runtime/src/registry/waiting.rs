//! Somebody who loads an app, or waits for somebody else's load of it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::attempt::Attempt;
use super::error::LoadError;
use super::{Loaded, Slot};

/// A call for an app that was not there.
#[must_use = "does nothing unless polled"]
pub(super) enum Load<'s, A: ?Sized + 'static> {
    /// The answer was there at once.
    Done(Result<Loaded<A>, LoadError>),
    Waiting(Waiting<'s, A>),
}

/// What a call came to.
pub(super) struct Landed<A: ?Sized + 'static> {
    pub(super) result: Result<Loaded<A>, LoadError>,
    /// Whether it was this call that ended the load: one of all that waited.
    pub(super) is_driver: bool,
}

/// A place in the queue of an attempt; given up when it is dropped.
pub(super) struct Waiting<'s, A: ?Sized + 'static> {
    slot: &'s Slot<A>,
    attempt: Arc<Attempt<A>>,
    number: u64,
}

impl<'s, A: ?Sized> Load<'s, A> {
    pub(super) fn waiting(slot: &'s Slot<A>, attempt: Arc<Attempt<A>>) -> Self {
        let number = attempt.flight().join();
        Self::Waiting(Waiting { slot, attempt, number })
    }
}

impl<A: ?Sized> Future for Load<'_, A> {
    type Output = Landed<A>;

    fn poll(self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<Landed<A>> {
        match self.get_mut() {
            Self::Done(result) => Poll::Ready(Landed { result: result.clone(), is_driver: false }),
            Self::Waiting(waiting) => waiting.poll(ctx),
        }
    }
}

impl<A: ?Sized> Waiting<'_, A> {
    fn poll(&self, ctx: &Context<'_>) -> Poll<Landed<A>> {
        let flight = self.attempt.flight();
        if flight.is_own(ctx.waker()) {
            let result = Err(LoadError::waits_for_itself(self.attempt.app()));
            return Poll::Ready(Landed { result, is_driver: false });
        }
        flight.wait(self.number, ctx.waker());
        let is_driver = self.drive();
        flight.outcome().map_or(Poll::Pending, |result| Poll::Ready(Landed { result, is_driver }))
    }

    /// Goes on with the load if that is due. Says whether that ended it.
    fn drive(&self) -> bool {
        let Poll::Ready(result) = self.attempt.flight().drive() else { return false };
        self.slot.settle(&self.attempt, result);
        true
    }
}

impl<A: ?Sized> Drop for Waiting<'_, A> {
    fn drop(&mut self) {
        self.attempt.flight().leave(self.number);
    }
}
