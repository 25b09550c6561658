//! The slot's promises, without a table: most by polling its waiters by hand, so that nothing depends on a scheduler.

use std::error::Error;
use std::future::poll_fn;
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use super::Slot;
use crate::registry::attempt::{Clock, Job, Order};
use crate::registry::error::Cause;
use crate::registry::flight::Work;
use crate::registry::join::join_all;
use crate::registry::wait;
use crate::registry::waiting::Load;
use crate::registry::{BoxFuture, LoadError, Loaded, State, Why};

trait Named: Send + Sync {
    fn name(&self) -> &'static str;
}

struct Zoom;

impl Named for Zoom {
    fn name(&self) -> &'static str {
        "zoom"
    }
}

type Answer = Poll<Result<Loaded<dyn Named>, LoadError>>;

fn zoom() -> Box<dyn Named> {
    Box::new(Zoom)
}

/// What a constructor waits for: it counts how often it is polled, and lets through once it is open.
#[derive(Default)]
struct Gate {
    is_open: AtomicBool,
    n_polls: AtomicUsize,
    waker: Mutex<Option<Waker>>,
}

impl Gate {
    fn open(&self) {
        self.is_open.store(true, Ordering::SeqCst);
        let waker = self.waker.lock().unwrap().take();
        waker.into_iter().for_each(Waker::wake);
    }

    fn n_polls(&self) -> usize {
        self.n_polls.load(Ordering::SeqCst)
    }

    fn poll(&self, ctx: &Context<'_>) -> Poll<()> {
        self.n_polls.fetch_add(1, Ordering::SeqCst);
        *self.waker.lock().unwrap() = Some(ctx.waker().clone());
        if self.is_open.load(Ordering::SeqCst) { Poll::Ready(()) } else { Poll::Pending }
    }

    fn work(self: &Arc<Self>) -> Work<dyn Named> {
        let gate = Arc::clone(self);
        Box::pin(async move {
            poll_fn(|ctx| gate.poll(ctx)).await;
            Ok(zoom())
        })
    }
}

/// A task that is polled by hand and knows whether it was woken since.
#[derive(Default)]
struct Task {
    is_woken: AtomicBool,
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, Ordering::SeqCst);
    }
}

impl Task {
    fn poll(self: &Arc<Self>, load: &mut Load<'_, dyn Named>) -> Answer {
        self.is_woken.store(false, Ordering::SeqCst);
        let waker = Waker::from(Arc::clone(self));
        std::pin::Pin::new(load).poll(&mut Context::from_waker(&waker)).map(|landed| landed.result)
    }

    fn is_woken(&self) -> bool {
        self.is_woken.load(Ordering::SeqCst)
    }
}

fn block_on(load: Load<'_, dyn Named>) -> Result<Loaded<dyn Named>, LoadError> {
    wait::block_on(load).result
}

fn order(clock: Clock) -> Order {
    Order { app: "zoom", edition: 1, why: Why::Call, clock }
}

fn load(slot: &Slot<dyn Named>, work: impl FnOnce() -> Work<dyn Named>) -> Load<'_, dyn Named> {
    slot.load(order(Instant::now), || work().into())
}

/// For loads that join one which is under way, or find the app loaded.
fn join(slot: &Slot<dyn Named>) -> Load<'_, dyn Named> {
    load(slot, || panic!("must not construct"))
}

#[test]
fn a_new_slot_is_two_words_beside_its_lock() {
    assert!(size_of::<Slot<dyn Named>>() <= size_of::<usize>() + size_of::<Mutex<usize>>());
}

#[test]
fn a_thousand_concurrent_first_loads_construct_once() {
    static SLOT: Slot<dyn Named> = Slot::new();
    let (gate, n_constructed) = (Arc::new(Gate::default()), AtomicUsize::new(0));
    let construct = || {
        n_constructed.fetch_add(1, Ordering::SeqCst);
        gate.work()
    };
    let load_many = || {
        let loads = (0..125).map(|_| -> BoxFuture<'_, _> { Box::pin(load(&SLOT, construct)) });
        wait::block_on(join_all(loads)).into_iter().map(|landed| landed.result).collect::<Vec<_>>()
    };
    let loaded: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(load_many)).collect();
        gate.open();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).map(Result::unwrap).collect()
    });
    let first = loaded[0].clone().into_arc();
    assert_eq!(loaded.len(), 1_000);
    assert!(loaded.into_iter().all(|app| Arc::ptr_eq(&app.into_arc(), &first)));
    assert_eq!(n_constructed.into_inner(), 1);
}

#[test]
fn nothing_runs_before_the_first_poll() {
    let slot = Slot::new();
    drop(load(&slot, || Box::pin(async { panic!("must not run") })));
    assert_eq!(slot.state(), State::Loading);
}

#[test]
fn only_a_wake_polls_the_constructor_again() {
    let (slot, gate, task) = (Slot::new(), Arc::new(Gate::default()), Arc::new(Task::default()));
    let mut first = load(&slot, || gate.work());
    let mut second = join(&slot);
    for _ in 0..3 {
        assert!(task.poll(&mut first).is_pending() && task.poll(&mut second).is_pending());
    }
    assert_eq!(gate.n_polls(), 1);
}

#[test]
fn when_the_driver_is_dropped_another_takes_over() {
    let (slot, gate) = (Slot::new(), Arc::new(Gate::default()));
    let tasks = [Arc::new(Task::default()), Arc::new(Task::default())];
    let mut driver = load(&slot, || gate.work());
    assert!(tasks[0].poll(&mut driver).is_pending());
    let mut other = join(&slot);
    assert!(tasks[1].poll(&mut other).is_pending());

    drop(driver);
    assert_eq!(Arc::strong_count(&tasks[0]), 1, "who is gone is not kept");
    gate.open();
    assert!(tasks[1].is_woken());
    let Poll::Ready(Ok(app)) = tasks[1].poll(&mut other) else { panic!("must be loaded") };
    assert_eq!(app.name(), "zoom");
    assert_eq!(slot.state(), State::Loaded);
}

#[test]
fn a_driver_that_is_kept_but_not_polled_holds_nobody_up() {
    let (slot, gate) = (Slot::new(), Arc::new(Gate::default()));
    let tasks = [Arc::new(Task::default()), Arc::new(Task::default())];
    let mut idle = load(&slot, || gate.work());
    assert!(tasks[0].poll(&mut idle).is_pending());
    let mut other = join(&slot);
    assert!(tasks[1].poll(&mut other).is_pending());

    gate.open();
    assert!(tasks[1].poll(&mut other).is_ready());
    assert!(tasks[0].is_woken());
    assert!(tasks[0].poll(&mut idle).is_ready());
}

#[test]
fn when_all_are_dropped_the_next_one_goes_on_where_they_were() {
    let (slot, gate, task) = (Slot::new(), Arc::new(Gate::default()), Arc::new(Task::default()));
    let mut first = load(&slot, || gate.work());
    assert!(task.poll(&mut first).is_pending());
    drop(first);
    gate.open();
    assert!(task.poll(&mut join(&slot)).is_ready());
    assert_eq!(gate.n_polls(), 2);
}

/// A load during whose first poll another waiter looks, and finds nothing to do. It ends in the poll of that number.
struct Watched {
    driver: Load<'static, dyn Named>,
    task: Arc<Task>,
    other: Arc<Mutex<Option<Load<'static, dyn Named>>>>,
}

impl Watched {
    fn new(slot: &'static Slot<dyn Named>, last_poll: u32) -> Self {
        let (task, other) = (Arc::new(Task::default()), Arc::new(Mutex::new(None)));
        let (looker, looks) = (Arc::clone(&task), Arc::clone(&other));
        let mut n_polls = 0;
        let constructor = poll_fn(move |ctx| {
            n_polls += 1;
            if n_polls == 1 {
                ctx.waker().wake_by_ref();
                assert!(looker.poll(looks.lock().unwrap().as_mut().unwrap()).is_pending());
            }
            if n_polls == last_poll { Poll::Ready(Ok(zoom())) } else { Poll::Pending }
        });
        let driver = load(slot, || Box::pin(constructor));
        *other.lock().unwrap() = Some(join(slot));
        Self { driver, task, other }
    }

    fn poll_other(&self) -> Answer {
        self.task.poll(self.other.lock().unwrap().as_mut().unwrap())
    }
}

/// The constructor is woken while one polls it; the other looks, finds it out, and uses up its wake. Then the one who
/// polled is dropped. The other has to be woken once more.
#[test]
fn a_wake_during_a_poll_is_not_lost_with_the_one_who_polls() {
    static SLOT: Slot<dyn Named> = Slot::new();
    let mut watched = Watched::new(&SLOT, 2);
    assert!(Arc::new(Task::default()).poll(&mut watched.driver).is_pending());
    watched.driver = join(&SLOT);
    assert!(watched.task.is_woken());
    assert!(watched.poll_other().is_ready());
}

#[test]
fn who_looks_during_the_last_poll_is_woken_when_it_ends() {
    static SLOT: Slot<dyn Named> = Slot::new();
    let mut watched = Watched::new(&SLOT, 1);
    assert!(Arc::new(Task::default()).poll(&mut watched.driver).is_ready());
    assert!(watched.task.is_woken());
    assert!(watched.poll_other().is_ready());
}

#[test]
fn threads_that_come_and_go_leave_nobody_waiting() {
    /// Wakes itself a few times before it is done.
    fn restless() -> Work<dyn Named> {
        let mut n_left = 5;
        Box::pin(poll_fn(move |ctx| {
            n_left -= 1;
            ctx.waker().wake_by_ref();
            if n_left == 0 { Poll::Ready(Ok(zoom())) } else { Poll::Pending }
        }))
    }
    for _ in 0..300 {
        let slot = Slot::new();
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| drop(Arc::new(Task::default()).poll(&mut load(&slot, restless))));
                scope.spawn(|| assert!(block_on(load(&slot, restless)).is_ok()));
            }
        });
    }
}

/// A clock that one test sets, in milliseconds from its start.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);
static NOW: AtomicU64 = AtomicU64::new(0);

fn now() -> Instant {
    *START + Duration::from_millis(NOW.load(Ordering::SeqCst))
}

#[test]
fn a_failure_goes_to_all_and_is_tried_again_after_a_rest() {
    let (slot, n_tries) = (Slot::<dyn Named>::new(), Arc::new(AtomicUsize::new(0)));
    let attempt = || {
        let n_tries = Arc::clone(&n_tries);
        slot.load(order(now), || -> Job<dyn Named> {
            let work: Work<dyn Named> = Box::pin(async move {
                let n_earlier = n_tries.fetch_add(1, Ordering::SeqCst);
                if n_earlier < 2 { Err(Cause::Error(format!("no luck {n_earlier}").into())) } else { Ok(zoom()) }
            });
            work.into()
        })
    };
    // When it is, how many attempts there are by then, and when the next is due; none once it is loaded.
    let cases = [(0, 1, Some(100)), (99, 1, Some(100)), (100, 2, Some(300)), (299, 2, Some(300)), (300, 3, None)];
    for (millis, expected_tries, due) in cases {
        NOW.store(millis, Ordering::SeqCst);
        let waiters: Vec<_> = (0..3).map(|_| attempt()).collect();
        for waiter in waiters {
            let error = block_on(waiter).err();
            let retry_at = error.as_ref().and_then(LoadError::retry_at);
            let expected_retry = due.map(|due| *START + Duration::from_millis(due));
            assert_eq!(retry_at, expected_retry, "at {millis} ms");
            let source = error.as_ref().and_then(Error::source).map(ToString::to_string);
            assert_eq!(source, due.map(|_| format!("no luck {}", expected_tries - 1)), "at {millis} ms");
        }
        assert_eq!(n_tries.load(Ordering::SeqCst), expected_tries, "at {millis} ms");
    }
    assert_eq!(slot.state(), State::Loaded);
}

#[test]
fn an_error_says_what_when_and_why() {
    let slot = Slot::<dyn Named>::new();
    let fail = || {
        let work = || -> Work<dyn Named> { Box::pin(async { Err(Cause::Error("no token".into())) }) };
        block_on(slot.load(order(|| *START), || work().into())).unwrap_err()
    };
    let (first, second) = (fail(), fail());
    assert_eq!(first.to_string(), "app `zoom` failed to load; the next attempt is due in 100 ms");
    assert_eq!(second.to_string(), "app `zoom` failed to load earlier; the next attempt is due in 100 ms");
    assert_eq!((first.app(), first.is_failed(), first.is_backing_off()), ("zoom", true, false));
    assert!(second.is_failed() && second.is_backing_off() && !second.is_panic());
    assert_eq!(slot.state(), State::Failed);
}

#[test]
fn a_panic_is_a_failure_of_this_app() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("dropped");
        }
    }
    let in_poll = |text: &'static str| -> Work<dyn Named> { Box::pin(poll_fn(move |_| panic!("{text}"))) };
    let in_drop = || -> Work<dyn Named> {
        let bomb = Bomb;
        Box::pin(poll_fn(move |_| {
            let _bomb = &bomb;
            Poll::Ready(Err(Cause::Error("plain".into())))
        }))
    };
    let cases: [(Work<dyn Named>, bool, &str); 3] = [
        (in_poll("no key"), true, "app `zoom` panicked while it was loaded: `no key`; the next"),
        (
            Box::pin(async { std::panic::panic_any(7) }),
            true,
            "app `zoom` panicked while it was loaded: `no message`; the next",
        ),
        (in_drop(), false, "app `zoom` failed to load; the next"),
    ];
    for (work, is_panic, text) in cases {
        let slot = Slot::new();
        let error = block_on(load(&slot, || work)).unwrap_err();
        assert_eq!(error.is_panic(), is_panic);
        assert!(error.to_string().starts_with(text), "{error}");
        assert_eq!(slot.state(), State::Failed);
    }
}

#[test]
fn a_thread_can_wait_while_another_lets_the_constructor_go_on() {
    static SLOT: Slot<dyn Named> = Slot::new();
    let gate = Arc::new(Gate::default());
    thread::scope(|scope| {
        let waiting = scope.spawn(|| block_on(load(&SLOT, || gate.work())));
        gate.open();
        assert!(waiting.join().unwrap().is_ok());
    });
    assert_eq!(SLOT.loaded().map(|app| app.name()), Some("zoom"));
    assert!(SLOT.took().is_some());
}

#[test]
fn a_constructor_that_parks_the_thread_itself_does_not_use_up_the_wake() {
    let slot = Slot::new();
    let mut is_first = true;
    let parks = poll_fn(move |ctx| {
        if mem::take(&mut is_first) {
            ctx.waker().wake_by_ref();
            thread::park();
            return Poll::Pending;
        }
        Poll::Ready(Ok(zoom()))
    });
    assert!(block_on(load(&slot, || Box::pin(parks))).is_ok());
}

#[test]
fn a_constructor_that_asks_for_its_own_app_gets_an_error_and_goes_on() {
    static SLOT: Slot<dyn Named> = Slot::new();
    let work = || -> Work<dyn Named> {
        Box::pin(async {
            let error = join(&SLOT).await.result.unwrap_err();
            assert!(error.is_waiting_for_itself() && !error.is_failed(), "{error}");
            Ok(zoom())
        })
    };
    assert!(block_on(load(&SLOT, work)).is_ok());
    assert!(block_on(join(&SLOT)).is_ok());
}
