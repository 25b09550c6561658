//! Who polls what is polled on this thread, where a waker alone does not tell.
//!
//! A load knows by its waker that it is awaited by the very constructor it would wait for. In between there may be something
//! that polls with wakers of its own.

use std::cell::Cell;
use std::ptr;
use std::task::Waker;

thread_local! {
    /// The address of the outermost waker that was replaced since a constructor was last polled; null if none was.
    static ASKER: Cell<*const ()> = const { Cell::new(ptr::null()) };
}

/// Sets the asker back when it is dropped.
struct Restore(*const ());

impl Drop for Restore {
    fn drop(&mut self) {
        ASKER.set(self.0);
    }
}

/// Polls for the owner of a waker, with other wakers.
pub(super) fn on_behalf_of<T>(waker: &Waker, poll: impl FnOnce() -> T) -> T {
    let earlier = ASKER.get();
    let _restore = Restore(earlier);
    if earlier.is_null() {
        ASKER.set(waker.data());
    }
    poll()
}

/// Polls a constructor, which asks for itself.
pub(super) fn anew<T>(poll: impl FnOnce() -> T) -> T {
    let _restore = Restore(ASKER.replace(ptr::null()));
    poll()
}

/// Whether what is polled with `waker` is polled for the owner of `asker`.
pub(super) fn is(asker: &Waker, waker: &Waker) -> bool {
    // Not `will_wake`: that compares tables of functions too, of which there may be several alike.
    [waker.data(), ASKER.get()].contains(&asker.data())
}
