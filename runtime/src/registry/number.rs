//! A small number for each thread: the lowest that no living thread has.

use std::cell::Cell;
use std::sync::{Mutex, PoisonError};

/// The numbers that are taken.
static TAKEN: Mutex<Vec<bool>> = Mutex::new(Vec::new());

const UNKNOWN: usize = usize::MAX;

thread_local! {
    // Beside `OWN`, because what needs no destructor is read without a look at its state.
    static NUMBER: Cell<usize> = const { Cell::new(UNKNOWN) };
    static OWN: Number = Number::take();
}

/// A number that comes back when its thread ends.
struct Number(usize);

impl Number {
    fn take() -> Self {
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        let free = taken.iter().position(|is_taken| !is_taken).unwrap_or(taken.len());
        match taken.get_mut(free) {
            Some(is_taken) => *is_taken = true,
            None => taken.push(true),
        }
        Self(free)
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        NUMBER.set(UNKNOWN);
        if let Some(is_taken) = TAKEN.lock().unwrap_or_else(PoisonError::into_inner).get_mut(self.0) {
            *is_taken = false;
        }
    }
}

/// The number of this thread. It has it alone, but for what runs after the thread has given it back.
#[inline]
pub(super) fn of_this_thread() -> usize {
    match NUMBER.get() {
        UNKNOWN => find(),
        number => number,
    }
}

#[cold]
fn find() -> usize {
    OWN.try_with(|own| {
        NUMBER.set(own.0);
        own.0
    })
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;

    use super::of_this_thread;

    #[test]
    fn threads_that_live_at_once_have_numbers_of_their_own() {
        let barrier = Barrier::new(4);
        let number = || {
            let number = of_this_thread();
            barrier.wait();
            assert_eq!(of_this_thread(), number);
            number
        };
        let mut numbers: Vec<usize> = thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(number)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 4);
    }
}
