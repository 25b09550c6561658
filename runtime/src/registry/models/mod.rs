//! The slot under every order of its threads' steps that loom finds, and every value that a weak memory may show them.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p bakehouse-runtime --lib --release models` runs them.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use loom::cell::UnsafeCell;
use loom::future::block_on;
use loom::sync::Mutex;
use loom::sync::atomic::{AtomicU64, Ordering::Relaxed};
use loom::thread;

use super::attempt::{Job, Order};
use super::error::Cause;
use super::flight::Work;
use super::join::join_all;
use super::published::Published;
use super::waiting::Load;
use super::{BoxFuture, Loaded, Slot, State, Why};

/// What happened in one run of a model.
#[derive(Default)]
struct Log {
    n_made: AtomicUsize,
    n_dropped: AtomicUsize,
}

impl Log {
    fn n_made(&self) -> usize {
        self.n_made.load(Ordering::Relaxed)
    }

    fn n_alive(&self) -> usize {
        self.n_made() - self.n_dropped.load(Ordering::Relaxed)
    }
}

/// An app that tells loom when it is used and when it is dropped, so that loom sees whether one may meet the other.
struct App {
    /// How manieth it is.
    number: usize,
    /// By which its constructor went.
    edition: u64,
    /// Read by users, written by `drop`.
    use_of: UnsafeCell<()>,
    log: Arc<Log>,
}

impl App {
    fn new(log: &Arc<Log>, edition: u64) -> Self {
        let number = log.n_made.fetch_add(1, Ordering::Relaxed) + 1;
        Self { number, edition, use_of: UnsafeCell::new(()), log: Arc::clone(log) }
    }

    /// Uses it.
    fn number(&self) -> usize {
        self.use_of.with(|_| self.number)
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.use_of.with_mut(|_| ());
        self.log.n_dropped.fetch_add(1, Ordering::Relaxed);
    }
}

/// A slot and what becomes of its apps.
#[derive(Clone)]
struct Model {
    slot: &'static Slot<App>,
    log: Arc<Log>,
}

impl Model {
    fn new() -> Self {
        Self { slot: Box::leak(Box::new(Slot::new())), log: Arc::default() }
    }

    fn loaded() -> Self {
        let model = Self::new();
        drop(block_on(model.load()).result);
        model
    }

    /// Loads an app whose constructor is done at once.
    fn load(&self) -> Load<'static, App> {
        self.load_in(1)
    }

    /// As [`Model::load`], for somebody who goes by that edition.
    fn load_by(&self, edition: u64) -> Load<'static, App> {
        let log = Arc::clone(&self.log);
        self.slot.load(order(edition), || job(async move { Ok(Box::new(App::new(&log, edition))) }))
    }

    /// Loads an app whose constructor is done when it is polled for that many times, and wakes itself before.
    fn load_in(&self, n_polls: usize) -> Load<'static, App> {
        let (log, mut n_left) = (Arc::clone(&self.log), n_polls);
        let constructor = poll_fn(move |ctx| {
            n_left -= 1;
            if n_left == 0 {
                return Poll::Ready(Ok(Box::new(App::new(&log, 1))));
            }
            ctx.waker().wake_by_ref();
            Poll::Pending
        });
        self.slot.load(order(1), || job(constructor))
    }

    fn get(&self) -> Option<Loaded<App>> {
        self.slot.loaded()
    }

    fn spawn<T: 'static>(&self, run: impl FnOnce(&Self) -> T + 'static) -> thread::JoinHandle<T> {
        let model = self.clone();
        thread::spawn(move || run(&model))
    }
}

/// Lets futures through once it is open.
#[derive(Clone)]
struct Gate(Arc<Mutex<(bool, Option<Waker>)>>);

impl Gate {
    fn new() -> Self {
        Self(Arc::new(Mutex::new((false, None))))
    }

    fn pass(&self) -> impl Future<Output = ()> + Send + 'static {
        let gate = self.clone();
        poll_fn(move |ctx| {
            let (is_open, waker) = &mut *gate.0.lock().unwrap();
            *waker = Some(ctx.waker().clone());
            if *is_open { Poll::Ready(()) } else { Poll::Pending }
        })
    }

    fn open(&self) {
        let waker = {
            let (is_open, waker) = &mut *self.0.lock().unwrap();
            *is_open = true;
            waker.take()
        };
        waker.into_iter().for_each(Waker::wake);
    }
}

/// A model must not depend on the time.
fn order(edition: u64) -> Order {
    Order { app: "app", edition, why: Why::Call, clock }
}

fn job(constructor: impl Future<Output = Result<Box<App>, Cause>> + Send + 'static) -> Job<App> {
    let work: Work<App> = Box::pin(constructor);
    work.into()
}

fn clock() -> Instant {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    *START
}

/// Every order.
fn check(model: impl Fn() + Send + Sync + 'static) {
    loom::model::Builder::new().check(model);
}

/// Every order in which a thread is interrupted so many times at most: all of them take too long.
fn check_some(n_interruptions: usize, model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(n_interruptions);
    builder.check(model);
}

#[test]
fn an_app_is_dropped_once_after_its_last_use() {
    check(|| {
        let model = Model::loaded();
        let users = [(); 2].map(|()| {
            model.spawn(|model| {
                let app = model.get();
                let shared = app.clone();
                drop(app);
                shared.map(|app| app.number())
            })
        });
        assert!(model.slot.unload());
        assert!(model.get().is_none());
        for user in users {
            assert!(user.join().unwrap().is_none_or(|number| number == 1));
        }
        assert_eq!(model.log.n_alive(), 0);
    });
}

#[test]
fn a_guard_may_be_dropped_by_another_thread() {
    check(|| {
        let model = Model::loaded();
        let guard = model.get();
        let other = thread::spawn(|| drop(guard));
        let own = model.get();
        assert!(model.slot.unload());
        drop(own);
        other.join().unwrap();
        assert_eq!(model.log.n_alive(), 0);
    });
}

#[test]
fn an_app_in_use_is_not_evicted_and_never_seems_to_be_gone() {
    check(|| {
        let model = Model::loaded();
        // On another stripe than this thread's, which is closed first and opened again.
        let guard = model.spawn(Model::get).join().unwrap();
        let other = model.spawn(|model| model.slot.evict().is_none());
        assert!(model.get().is_some_and(|app| app.number() == 1));
        assert!(other.join().unwrap());
        drop(guard);
        assert_eq!(model.log.n_alive(), 1);
    });
}

#[test]
fn an_app_is_evicted_or_used() {
    check(|| {
        let model = Model::loaded();
        let user = model.spawn(|model| model.get().map(|app| app.number()).is_some());
        let is_evicted = model.slot.evict().is_some();
        let is_used = user.join().unwrap();
        assert!(is_evicted || is_used);
        assert_eq!(model.log.n_alive(), usize::from(!is_evicted));
    });
}

#[test]
fn two_that_take_an_app_out_drop_it_once() {
    check(|| {
        let model = Model::loaded();
        let other = model.spawn(|model| model.slot.evict().is_some());
        let is_unloaded = model.slot.unload();
        assert!(is_unloaded != other.join().unwrap());
        assert_eq!(model.log.n_alive(), 0);
    });
}

#[test]
fn who_looks_while_an_app_is_replaced_finds_one_of_the_two_or_none() {
    check(|| {
        let model = Model::loaded();
        let looker = model.spawn(|model| model.get().map(|app| app.number()));
        model.slot.unload();
        let new = block_on(model.load()).result.unwrap();
        assert_eq!(new.number(), 2);
        assert!(looker.join().unwrap().is_none_or(|number| number == 1 || number == 2));
        assert_eq!(model.log.n_alive(), 1);
    });
}

#[test]
fn two_first_loads_make_one_app() {
    check_some(4, || {
        let model = Model::new();
        let other = model.spawn(|model| block_on(model.load_in(2)).result.unwrap().number());
        let own = block_on(model.load_in(2)).result.unwrap().number();
        assert_eq!((own, other.join().unwrap(), model.log.n_made()), (1, 1, 1));
    });
}

#[test]
fn when_the_driver_leaves_another_goes_on() {
    check_some(4, || {
        let model = Model::new();
        let driver = model.spawn(|model| {
            let mut load = pin!(model.load_in(3));
            drop(load.as_mut().poll(&mut Context::from_waker(Waker::noop())));
        });
        assert_eq!(block_on(model.load_in(3)).result.unwrap().number(), 1);
        driver.join().unwrap();
        assert_eq!(model.log.n_alive(), 1);
    });
}

#[test]
fn a_constructor_that_is_woken_by_another_thread_goes_on() {
    check_some(3, || {
        let (model, gate) = (Model::new(), Gate::new());
        let (passing, log) = (gate.pass(), Arc::clone(&model.log));
        let constructor = async move {
            passing.await;
            Ok(Box::new(App::new(&log, 1)))
        };
        let first = model.slot.load(order(1), || job(constructor));
        let second = model.spawn(|model| block_on(model.load()).result.is_ok());
        let opener = thread::spawn(move || gate.open());
        assert!(block_on(first).result.is_ok() && second.join().unwrap());
        opener.join().unwrap();
        assert_eq!(model.log.n_made(), 1);
    });
}

#[test]
fn who_waits_for_several_is_woken_for_each() {
    check_some(4, || {
        let gates = [Gate::new(), Gate::new()];
        let passing = gates.each_ref().map(|gate| -> BoxFuture<'_, ()> { Box::pin(gate.pass()) });
        let openers = gates.map(|gate| thread::spawn(move || gate.open()));
        assert_eq!(block_on(join_all(passing)).len(), 2);
        for opener in openers {
            opener.join().unwrap();
        }
    });
}

#[test]
fn a_load_that_meets_an_unloading_has_an_app() {
    check_some(4, || {
        let model = Model::loaded();
        let other = model.spawn(|model| model.slot.unload());
        let app = block_on(model.load()).result.unwrap();
        assert!(app.number() <= 2);
        assert!(other.join().unwrap());
        drop(app);
        model.slot.unload();
        assert_eq!(model.log.n_alive(), 0);
    });
}

#[test]
fn a_load_that_meets_a_swap_leaves_nothing_behind() {
    check_some(3, || {
        let model = Model::new();
        let other = model.spawn(|model| block_on(model.load_by(1)).result.unwrap().edition);
        drop(model.slot.retire(2));
        assert_eq!(other.join().unwrap(), 1);
        assert!(model.get().is_none());
        assert_eq!((model.slot.state(), model.log.n_alive()), (State::Idle, 0));
    });
}

#[test]
fn who_goes_by_the_new_edition_never_has_the_app_before() {
    check_some(3, || {
        let model = Model::new();
        let other = model.spawn(|model| drop(block_on(model.load_by(1)).result.unwrap()));
        drop(model.slot.retire(2));
        let app = block_on(model.load_by(2)).result.unwrap();
        assert_eq!(app.edition, 2);
        drop(app);
        other.join().unwrap();
        assert_eq!(model.get().map(|app| app.edition), Some(2));
        assert_eq!(model.log.n_alive(), 1);
    });
}

#[test]
fn what_is_published_was_written_before() {
    check(|| {
        let published = Arc::new(Published::none());
        let reader = {
            let published = Arc::clone(&published);
            thread::spawn(move || published.get().map(|letter: &AtomicU64| letter.load(Relaxed)))
        };
        let letter: &'static AtomicU64 = Box::leak(Box::new(AtomicU64::new(0)));
        letter.store(1, Relaxed);
        published.set(letter);
        assert_ne!(reader.join().unwrap(), Some(0));
    });
}
