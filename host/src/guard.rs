//! Keeps a panic in what an app's author wrote to the request that caused it.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use bakehouse_sdk::BoxFuture;

/// What the work comes to.
///
/// # Errors
/// The message of its panic. What the panic left half-done is the app's own; nothing of the host is borrowed by it.
pub(crate) async fn catch<'w, T>(begin: impl FnOnce() -> BoxFuture<'w, T>) -> Result<T, String> {
    let mut work = Discarded(Some(attempt(begin)?));
    poll_fn(|ctx| {
        let Some(future) = &mut work.0 else { return Poll::Pending };
        let polled = attempt(|| future.as_mut().poll(ctx));
        polled.map_or_else(|panic| Poll::Ready(Err(panic)), |polled| polled.map(Ok))
    })
    .await
}

/// Calls.
///
/// # Errors
/// The message of a panic.
pub(crate) fn attempt<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|payload| {
        let text = message(&*payload);
        discard(payload);
        text
    })
}

/// Drops, and forgets a panic in that: there is nobody left whom it concerns.
pub(crate) fn discard<T>(value: T) {
    let _ = catch_unwind(AssertUnwindSafe(|| drop(value)));
}

/// Work that may panic when it is dropped: when it is done, and when it is given up because its client has gone or its
/// time is over. It is there until then.
struct Discarded<T>(Option<T>);

impl<T> Drop for Discarded<T> {
    fn drop(&mut self) {
        discard(self.0.take());
    }
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message").to_owned()
}
