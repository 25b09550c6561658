//! A pointer to something that lives as long as the process, read without a lock and exchanged for another.
#![expect(unsafe_code, reason = "std has no atomic reference; each block says why it is sound")]

use std::marker::PhantomData;
use std::ptr;

use super::sync::{AtomicPtr, Ordering};

/// What was published last, if anything was. All zero bytes at first.
pub(super) struct Published<T: 'static> {
    pointer: AtomicPtr<T>,
    /// It gives `&T` to any thread.
    value: PhantomData<&'static T>,
}

impl<T> Published<T> {
    #[cfg(not(all(loom, test)))]
    pub(super) const fn none() -> Self {
        Self { pointer: AtomicPtr::new(ptr::null_mut()), value: PhantomData }
    }

    #[cfg(all(loom, test))]
    pub(super) fn none() -> Self {
        Self { pointer: AtomicPtr::new(ptr::null_mut()), value: PhantomData }
    }

    /// What was published, with all that was written before that.
    #[inline]
    pub(super) fn get(&self) -> Option<&'static T> {
        // SAFETY: It is null or comes from `set`: a shared reference that is good as long as the process lives.
        unsafe { self.pointer.load(Ordering::Acquire).as_ref() }
    }

    pub(super) fn set(&self, value: &'static T) {
        self.pointer.store(ptr::from_ref(value).cast_mut(), Ordering::Release);
    }

    pub(super) fn clear(&self) {
        self.pointer.store(ptr::null_mut(), Ordering::Release);
    }
}
