//! An app that is there, and the place that it is in.
//!
//! An app is lent out with no look at anything that another thread writes. It may go while it is asked for, so that whoever
//! asks has to be counted before he touches it, in a place that outlives every app. Hence a cell is never freed. It is
//! filled again when its app has gone, so that a slot has as many as apps of it ever lived at once: mostly one.
//!
//! This is the one file of the registry with unsafe code, since an app is read without a lock. What is safe, an `Arc` even
//! without a lock around it, makes every thread write to the same counter, and takes several times as long on two threads: see
//! the group `registry` of the benchmarks.
#![expect(unsafe_code, reason = "see above; each block says why it is sound")]

use std::fmt;
use std::mem::MaybeUninit;
use std::ops::Deref;
use std::sync::Arc;

use super::flight::discard;
use super::sync::{AtomicBool, Ordering, UnsafeCell};
use super::users::{Stripe, Users};

/// A loaded app in use. It can be kept across an await: as long as somebody has one of these, the app lives.
///
/// The limit on loaded apps leaves an app alone that is in use. `unload` does not: then the app goes after its last use.
pub struct Loaded<A: ?Sized + 'static> {
    cell: &'static Cell<A>,
    /// Of the cell; it counts this user.
    stripe: &'static Stripe,
}

/// A place for one app, never freed.
pub(super) struct Cell<A: ?Sized> {
    users: Users,
    /// Whether no app is in it, and nobody is about to take one out or put one in.
    is_free: AtomicBool,
    /// There from `fill` to `take`. Read by users.
    app: UnsafeCell<MaybeUninit<Arc<A>>>,
}

// SAFETY: `app` is written by nobody but who has the cell to himself, see `fill` and `take`. It gives `&A` to any thread and
// is dropped on any, so `A` has to be fit for both.
unsafe impl<A: ?Sized + Send + Sync> Sync for Cell<A> {}

impl<A: ?Sized> Cell<A> {
    /// A cell that its maker has claimed.
    fn leak() -> &'static Self {
        let app = UnsafeCell::new(MaybeUninit::uninit());
        Box::leak(Box::new(Self { users: Users::none(), is_free: AtomicBool::new(false), app }))
    }

    /// Whether the cell was free. From then on it is the caller's.
    fn claim(&self) -> bool {
        self.is_free.swap(false, Ordering::Acquire)
    }

    /// Puts an app into the cell and opens it.
    ///
    /// # Safety
    ///
    /// The caller must have claimed it since it was last free.
    unsafe fn fill(&'static self, app: Arc<A>) -> Loaded<A> {
        // SAFETY: Nobody but the caller can do anything to it: it has no user, and takes none as long as it is closed.
        self.app.with_mut(|place| unsafe { (*place).write(app) });
        Loaded { cell: self, stripe: self.users.open() }
    }

    /// The app, if the cell is open.
    #[inline]
    pub(super) fn enter(&'static self) -> Option<Loaded<A>> {
        Some(Loaded { cell: self, stripe: self.users.enter()? })
    }

    /// Takes the app out. Only for who was told by `users` that nobody is left.
    fn take(&self) -> Arc<A> {
        // SAFETY: The app is there since `fill`, after which `users` tells only one, and that when nobody can reach the app
        // any more. Nobody comes until the cell is free and filled again.
        let app = self.app.with_mut(|app| unsafe { (*app).assume_init_read() });
        self.is_free.store(true, Ordering::Release);
        app
    }

    #[cold]
    fn end(&self) {
        discard(self.take());
    }
}

impl<A: ?Sized> Loaded<A> {
    /// Where the app is found by others.
    pub(super) fn cell(&self) -> &'static Cell<A> {
        self.cell
    }

    /// The app itself, shared. Who has that uses the app too.
    pub fn into_arc(self) -> Arc<A> {
        Arc::clone(self.arc())
    }

    #[inline]
    fn arc(&self) -> &Arc<A> {
        // SAFETY: The app was there when the cell was opened, which came before this user entered, and is until the last user
        // has left. Nobody writes meanwhile.
        self.cell.app.with(|app| unsafe { (*app).assume_init_ref() })
    }
}

impl<A: ?Sized> Deref for Loaded<A> {
    type Target = A;

    #[inline]
    fn deref(&self) -> &A {
        self.arc()
    }
}

impl<A: ?Sized> Clone for Loaded<A> {
    fn clone(&self) -> Self {
        self.stripe.share();
        Self { cell: self.cell, stripe: self.stripe }
    }
}

impl<A: ?Sized> Drop for Loaded<A> {
    #[inline]
    fn drop(&mut self) {
        if self.cell.users.leave(self.stripe) {
            self.cell.end();
        }
    }
}

impl<A: ?Sized> fmt::Debug for Loaded<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loaded").finish_non_exhaustive()
    }
}

/// The cells of one slot. Whoever opens or closes one has this to himself.
pub(super) struct Cells<A: ?Sized + 'static> {
    all: Vec<&'static Cell<A>>,
    /// The one that is open.
    open: Option<&'static Cell<A>>,
}

impl<A: ?Sized> Cells<A> {
    pub(super) const fn new() -> Self {
        Self { all: Vec::new(), open: None }
    }

    /// Puts an app into a free cell and opens that; the app's first user. None must be open.
    pub(super) fn open(&mut self, app: Arc<A>) -> Loaded<A> {
        let app = self.fill(app);
        self.open = Some(app.cell);
        app
    }

    /// Puts an app into a free cell that nobody else enters; the app's first user.
    pub(super) fn lend(&mut self, app: Arc<A>) -> Loaded<A> {
        let app = self.fill(app);
        // The user is there, so that this does not end the use of it.
        app.cell.users.close();
        app
    }

    fn fill(&mut self, app: Arc<A>) -> Loaded<A> {
        let free = self.all.iter().copied().find(|cell| cell.claim());
        let cell = free.unwrap_or_else(|| {
            let cell = Cell::leak();
            self.all.push(cell);
            cell
        });
        // SAFETY: `claim` said that it was free, or it is new.
        unsafe { cell.fill(app) }
    }

    /// Closes the open cell, so that nobody enters from now on. The app, if nobody uses it: else the last user drops it.
    pub(super) fn close(&mut self) -> Option<Arc<A>> {
        let cell = self.open.take()?;
        cell.users.close().then(|| cell.take())
    }

    /// Closes the open cell if nobody uses its app, not even an `Arc` of it.
    pub(super) fn close_if_idle(&mut self) -> Option<Arc<A>> {
        let cell = self.open?;
        // SAFETY: This is called when the cell is closed and empty for now, so that nobody else can do anything to it. The
        // app is there, as the cell was open until then, and nobody was told to take it out.
        let is_only = || cell.app.with(|app| Arc::strong_count(unsafe { (*app).assume_init_ref() }) == 1);
        let is_closed = cell.users.close_if_empty(is_only);
        is_closed.then(|| {
            self.open = None;
            cell.take()
        })
    }

    /// The app in the open cell.
    pub(super) fn enter(&self) -> Option<Loaded<A>> {
        self.open?.enter()
    }

    /// Whether an app is there that nobody uses at this moment, but for those who have an `Arc` of it.
    pub(super) fn is_idle(&self) -> bool {
        self.open.is_some_and(|cell| cell.users.is_empty())
    }

    /// How often somebody entered.
    pub(super) fn hits(&self) -> u64 {
        self.all.iter().map(|cell| cell.users.hits()).sum()
    }

    /// The date of the last time that somebody entered; 0 if nobody did.
    pub(super) fn used(&self) -> u64 {
        self.all.iter().map(|cell| cell.users.used()).max().unwrap_or_default()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::sync::Arc;

    use super::Cells;

    #[test]
    fn cells_are_filled_again() {
        let mut cells = Cells::new();
        for number in 0..100 {
            let app = cells.open(Arc::new(number));
            assert_eq!((*app, cells.enter().as_deref()), (number, Some(&number)));
            drop(app);
            let gone = if number % 2 == 0 { cells.close() } else { cells.close_if_idle() };
            assert_eq!(gone.as_deref(), Some(&number));
        }
        assert_eq!((cells.all.len(), cells.hits()), (1, 100));
    }

    #[test]
    fn there_are_as_many_as_apps_that_live_at_once() {
        let mut cells = Cells::new();
        for _ in 0..3 {
            let apps: Vec<_> = (0..5)
                .map(|number| {
                    let app = cells.open(Arc::new(number));
                    assert_eq!(cells.close(), None, "it is in use");
                    app
                })
                .collect();
            assert!(apps.iter().map(|app| **app).eq(0..5));
        }
        assert_eq!(cells.all.len(), 5);
    }

    #[test]
    fn an_app_that_is_shared_is_not_idle() {
        let mut cells = Cells::new();
        let shared = cells.open(Arc::new(1)).into_arc();
        assert!(cells.is_idle() && cells.close_if_idle().is_none());
        assert_eq!(cells.enter().as_deref(), Some(&1));
        drop(shared);
        assert_eq!(cells.close_if_idle().as_deref(), Some(&1));
        assert!(cells.enter().is_none() && cells.close().is_none());
    }
}
