//! Many who want the same app at once.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use bakehouse_runtime::Method;
use bakehouse_runtime::registry::{BoxFuture, Entered, State};

use crate::host::{Host, Made, host_with};
use crate::image::{App, code};

/// Lets constructors through once it is open.
#[derive(Default)]
struct Gate {
    is_open: AtomicBool,
    wakers: Mutex<Vec<Waker>>,
}

impl Gate {
    fn pass(&self, ctx: &Context<'_>) -> Poll<()> {
        self.wakers.lock().unwrap().push(ctx.waker().clone());
        if self.is_open.load(Ordering::SeqCst) { Poll::Ready(()) } else { Poll::Pending }
    }

    fn open(&self) {
        self.is_open.store(true, Ordering::SeqCst);
        let wakers = std::mem::take(&mut *self.wakers.lock().unwrap());
        wakers.into_iter().for_each(Waker::wake);
    }
}

/// A host whose constructors wait at the gate, the one of `bad` to fail there.
fn host(gate: &Arc<Gate>) -> Host {
    let gate = Arc::clone(gate);
    let apps = [App { requires: &["b"], ..code("a") }, code("b"), code("bad")];
    host_with(&apps, move |slug| -> BoxFuture<'static, Made> {
        let gate = Arc::clone(&gate);
        Box::pin(async move {
            poll_fn(|ctx| gate.pass(ctx)).await;
            if slug == "bad" { Err("no token".into()) } else { Ok(slug.into()) }
        })
    })
}

/// A request and whether it was woken.
struct Request<'h> {
    future: BoxFuture<'h, bool>,
    woken: Arc<Woken>,
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl<'h> Request<'h> {
    /// Whether the app of that path answers.
    fn new(host: &'h Host, path: &'static str) -> Self {
        let future = Box::pin(async move {
            let Entered::App(entry) = host.registry.enter(Method::GET, path.as_bytes()).await else {
                panic!("must match")
            };
            entry.app.is_ok()
        });
        Self { future, woken: Arc::default() }
    }

    fn poll(&mut self) -> Poll<bool> {
        self.woken.0.store(false, Ordering::SeqCst);
        Pin::new(&mut self.future).poll(&mut Context::from_waker(&Waker::from(Arc::clone(&self.woken))))
    }

    fn is_woken(&self) -> bool {
        self.woken.0.load(Ordering::SeqCst)
    }
}

/// Polls requests as an executor would, only those that were woken, until all have their answers.
fn run(mut requests: Vec<Request<'_>>) -> Vec<bool> {
    let mut answers = Vec::new();
    while !requests.is_empty() {
        let n_before = answers.len();
        let mut is_any_woken = false;
        requests.retain_mut(|request| {
            is_any_woken |= request.is_woken();
            let polled = if request.is_woken() { request.poll() } else { Poll::Pending };
            if let Poll::Ready(answer) = polled {
                answers.push(answer);
            }
            polled.is_pending()
        });
        assert!(is_any_woken || answers.len() > n_before, "{} requests wait for nobody", requests.len());
    }
    answers
}

fn begin<'h>(host: &'h Host, path: &'static str, n: usize) -> Vec<Request<'h>> {
    let mut requests: Vec<_> = (0..n).map(|_| Request::new(host, path)).collect();
    assert!(requests.iter_mut().all(|request| request.poll().is_pending()));
    requests
}

#[test]
fn a_thousand_first_requests_make_one_load() {
    let gate = Arc::default();
    let host = host(&gate);
    let requests = begin(&host, "/a", 1_000);
    gate.open();
    assert_eq!(run(requests), [true; 1_000]);
    assert_eq!(host.calls(), ["b", "a"]);
    let metrics = host.registry.metrics_of(host.id("b")).unwrap();
    assert_eq!((metrics.loads, metrics.misses), (1, 1_000));
}

#[test]
fn an_error_goes_to_all_who_wait() {
    let gate = Arc::default();
    let host = host(&gate);
    let requests = begin(&host, "/bad", 100);
    gate.open();
    assert_eq!(run(requests), [false; 100]);
    assert_eq!(host.calls(), ["bad"]);
}

#[test]
fn whoever_cancels_the_others_get_their_answer() {
    type Cancels = fn(usize) -> bool;
    let cases: [(&str, Cancels); 4] = [
        ("all but the last", |idx| idx < 99),
        ("all but the first", |idx| idx > 0),
        ("every second", |idx| idx % 2 == 0),
        ("none", |_| false),
    ];
    for (who, cancels) in cases {
        let gate = Arc::default();
        let host = host(&gate);
        let mut requests = begin(&host, "/a", 100);
        let mut idx = 0..;
        requests.retain(|_| !idx.next().is_some_and(cancels));
        gate.open();
        let n_left = requests.len();
        assert_eq!(run(requests), vec![true; n_left], "{who}");
        assert_eq!(host.calls(), ["b", "a"], "{who}");
    }
}

#[test]
fn when_all_cancel_the_next_request_goes_on_with_the_same_load() {
    let gate = Arc::default();
    let host = host(&gate);
    drop(begin(&host, "/a", 10));
    assert_eq!(host.registry.state(host.id("b")), State::Loading);
    gate.open();
    let mut late = Request::new(&host, "/a");
    assert_eq!(late.poll(), Poll::Ready(true));
    assert_eq!(host.calls(), ["b", "a"]);
}
