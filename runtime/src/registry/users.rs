//! How many use an app, counted so that threads do not slow one another.
//!
//! Each thread counts on a stripe of its own: a word in a cache line of its own, with its users, its hits, and whether it is
//! closed. Who enters does it in one step that fails on a closed stripe, and who leaves sees in the same step whether he
//! was the last one of a closed stripe. So nobody ever adds the stripes up: the app goes with the last stripe to be
//! both closed and empty, and a count of those that are not yet says which one it is.

use std::process;

use super::dates::Date;
use super::number;
use super::sync::{AtomicU64, AtomicUsize, Ordering};

const CLOSED: u64 = 1;
const ONE_USER: u64 = 1 << 1;
const USERS: u64 = (1 << 32) - ONE_USER;
const ONE_HIT: u64 = 1 << 32;
const HITS: u64 = !(USERS | CLOSED);
/// Far fewer than fit in, so that threads which find it exceeded at once do no harm.
const MOST_USERS: u64 = USERS / 2;

/// A power of two. That many threads can use an app side by side; more share stripes, which costs them nothing but time.
// To ask how many threads can run at once takes a tenth of the room in a binary that all of this crate may take, without
// its linker: std reads control groups for it.
#[cfg(not(all(loom, test)))]
const N_STRIPES: usize = 32;
#[cfg(all(loom, test))]
const N_STRIPES: usize = 2;

/// The users of one app, on all stripes.
pub(super) struct Users {
    stripes: [Stripe; N_STRIPES],
    /// How many stripes are open or have users. The step that makes it zero ends the use of the app.
    n_busy: AtomicUsize,
}

/// What one thread counts on; several do if there are many.
// As far apart as the lines that processors fetch in pairs.
#[repr(align(128))]
pub(super) struct Stripe {
    /// [`CLOSED`], [`USERS`] and [`HITS`].
    word: AtomicU64,
    /// The hits that were in `word` whenever it had no room for more.
    more_hits: AtomicU64,
    /// The date of the last hit or opening.
    used: Date,
}

impl Users {
    /// All stripes closed and empty.
    pub(super) fn none() -> Self {
        Self { stripes: [(); N_STRIPES].map(|()| Stripe::closed()), n_busy: AtomicUsize::new(0) }
    }

    /// The stripe of this thread.
    #[inline]
    fn own(&self) -> &Stripe {
        &self.stripes[number::of_this_thread() % N_STRIPES]
    }

    /// Counts a user and a hit; `None` if it is closed.
    #[inline]
    pub(super) fn enter(&self) -> Option<&Stripe> {
        Some(self.own()).filter(|stripe| stripe.enter())
    }

    /// Opens all stripes, which are closed and empty. Only one thread at a time opens or closes.
    ///
    /// One user is there from the first moment, on the stripe that is returned.
    pub(super) fn open(&self) -> &Stripe {
        self.n_busy.store(N_STRIPES, Ordering::Relaxed);
        let first = self.own();
        first.share();
        first.used.set_now();
        self.stripes.iter().for_each(Stripe::open);
        first
    }

    /// Closes all stripes to who comes from now on. Says whether nobody is left: else the last to [leave](Users::leave)
    /// is told.
    pub(super) fn close(&self) -> bool {
        let n_empty = self.stripes.iter().filter(|stripe| stripe.close()).count();
        self.end(n_empty)
    }

    /// Closes all stripes if none has a user and `and_if` says so; else leaves them open.
    ///
    /// Meanwhile, who comes may find some of them closed.
    pub(super) fn close_if_empty(&self, and_if: impl FnOnce() -> bool) -> bool {
        let n_closed = self.stripes.iter().take_while(|stripe| stripe.close_if_empty()).count();
        if n_closed == N_STRIPES && and_if() {
            return self.end(n_closed);
        }
        self.stripes.iter().take(n_closed).for_each(Stripe::open);
        false
    }

    /// Takes a user from a stripe. Says whether it was the last one after all were closed.
    #[inline]
    pub(super) fn leave(&self, stripe: &Stripe) -> bool {
        stripe.leave() && self.end(1)
    }

    /// Whether nobody uses it at this moment.
    pub(super) fn is_empty(&self) -> bool {
        self.stripes.iter().all(|stripe| stripe.word.load(Ordering::Relaxed) & USERS == 0)
    }

    /// How often somebody entered.
    pub(super) fn hits(&self) -> u64 {
        self.stripes.iter().map(Stripe::hits).sum()
    }

    /// The date of the last hit or opening; 0 if there was none.
    pub(super) fn used(&self) -> u64 {
        self.stripes.iter().map(|stripe| stripe.used.get()).max().unwrap_or_default()
    }

    /// So many more stripes are closed and empty. Says whether none is left.
    fn end(&self, n_stripes: usize) -> bool {
        n_stripes > 0 && self.n_busy.fetch_sub(n_stripes, Ordering::AcqRel) == n_stripes
    }
}

impl Stripe {
    fn closed() -> Self {
        Self { word: AtomicU64::new(CLOSED), more_hits: AtomicU64::new(0), used: Date::never() }
    }

    #[inline]
    fn enter(&self) -> bool {
        let mut word = self.word.load(Ordering::Relaxed);
        while word & CLOSED == 0 {
            let Some(entered) = word.checked_add(ONE_HIT + ONE_USER) else {
                word = self.carry(word);
                continue;
            };
            // What was written before the stripe was opened is to be seen by who enters.
            match self.word.compare_exchange_weak(word, entered, Ordering::Acquire, Ordering::Relaxed) {
                Ok(_) => {
                    check(entered);
                    self.used.set_now();
                    return true;
                }
                Err(now) => word = now,
            }
        }
        false
    }

    /// Counts one more user beside one who stays meanwhile, so that the stripe need not be open. That is no hit.
    pub(super) fn share(&self) {
        check(self.word.fetch_add(ONE_USER, Ordering::Relaxed));
    }

    /// Says whether that was the last user of a closed stripe.
    #[inline]
    fn leave(&self) -> bool {
        // What a user did is to be seen by who takes the app apart.
        let word = self.word.fetch_sub(ONE_USER, Ordering::AcqRel);
        word & (CLOSED | USERS) == CLOSED | ONE_USER
    }

    fn open(&self) {
        self.word.fetch_and(!CLOSED, Ordering::Release);
    }

    /// Says whether that leaves it closed and empty, so that nobody is going to leave it.
    fn close(&self) -> bool {
        self.word.fetch_or(CLOSED, Ordering::AcqRel) & (CLOSED | USERS) == 0
    }

    fn close_if_empty(&self) -> bool {
        let close = |word: u64| (word & (CLOSED | USERS) == 0).then_some(word | CLOSED);
        self.word.fetch_update(Ordering::AcqRel, Ordering::Relaxed, close).is_ok()
    }

    fn hits(&self) -> u64 {
        self.more_hits.load(Ordering::Relaxed) + self.word.load(Ordering::Relaxed) / ONE_HIT
    }

    /// Makes room for hits. Gives what the word is then.
    #[cold]
    fn carry(&self, word: u64) -> u64 {
        match self.word.compare_exchange(word, word & !HITS, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => {
                self.more_hits.fetch_add(word / ONE_HIT, Ordering::Relaxed);
                word & !HITS
            }
            Err(now) => now,
        }
    }
}

/// Ends the process before users that were forgotten, a billion of them, wrap the count around: as `Arc` does.
#[inline]
fn check(word: u64) {
    if word & USERS > MOST_USERS {
        process::abort();
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::{HITS, ONE_HIT, ONE_USER, Ordering, Users};

    /// Those of one stripe, open and without a user.
    fn open() -> Users {
        let users = Users::none();
        let first = users.open();
        assert!(!users.leave(first));
        users
    }

    #[test]
    fn a_closed_one_lets_nobody_in_and_tells_the_last_who_leaves() {
        let users = open();
        let (first, second) = (users.enter().unwrap(), users.enter().unwrap());
        assert!(!users.close() && !users.close(), "closing twice is closing once");
        assert!(users.enter().is_none());
        first.share();
        let told = [first, second, first].map(|stripe| users.leave(stripe));
        assert_eq!(told, [false, false, true]);
    }

    #[test]
    fn an_empty_one_is_closed_at_once() {
        let users = open();
        assert!(users.close());
        let first = users.open();
        assert!(!users.leave(first) && users.close());
    }

    #[test]
    fn one_with_a_user_on_any_stripe_stays_open() {
        let users = open();
        for stripe in &users.stripes {
            stripe.share();
            assert!(!users.is_empty() && !users.close_if_empty(|| true));
            assert!(!users.leave(stripe) && users.is_empty());
        }
        assert!(!users.close_if_empty(|| false));
        let stripe = users.enter().unwrap();
        assert!(!users.leave(stripe) && users.close_if_empty(|| true));
        assert!(users.enter().is_none() && !users.close_if_empty(|| true));
    }

    #[test]
    fn hits_are_counted_beyond_what_fits_beside_the_users() {
        let users = open();
        users.own().word.store(HITS - ONE_HIT + ONE_USER, Ordering::Relaxed);
        let before = users.hits();
        let stripes = [(); 3].map(|()| users.enter().unwrap());
        assert_eq!(users.hits(), before + 3);
        assert!(!users.is_empty() && !users.close());
        let told = [stripes[0], stripes[1], stripes[2], users.own()].map(|stripe| users.leave(stripe));
        assert_eq!(told, [false, false, false, true]);
    }
}
