//! Constructors that take too long, and callers that do not wait for them.

use std::future::{pending, ready};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bakehouse_runtime::registry::{BoxFuture, StartOptions, State, TimeLimit};

use crate::host::{Host, Made, idle, now, start_with};
use crate::image::{App, code};

/// A time limit whose time is over when the test says so.
#[derive(Clone, Default)]
struct Timer(Arc<Mutex<Hand>>);

#[derive(Default)]
struct Hand {
    is_over: bool,
    asked: Vec<Duration>,
    waker: Option<Waker>,
}

impl Timer {
    fn limit(&self) -> TimeLimit {
        let timer = self.clone();
        TimeLimit::new(Duration::from_secs(7), move |limit| {
            timer.0.lock().unwrap().asked.push(limit);
            Box::pin(timer.clone())
        })
    }

    fn end(&self) {
        let waker = {
            let mut hand = self.0.lock().unwrap();
            hand.is_over = true;
            hand.waker.take()
        };
        waker.into_iter().for_each(Waker::wake);
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<()> {
        let mut hand = self.0.lock().unwrap();
        hand.waker = Some(ctx.waker().clone());
        if hand.is_over { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// `slow` never ends, the others do at once.
fn construct(slug: &'static str) -> BoxFuture<'static, Made> {
    if slug == "slow" { Box::pin(pending()) } else { Box::pin(ready(Ok(slug.into()))) }
}

fn host(timer: &Timer) -> Host {
    let apps = [App { requires: &["slow"], ..code("a") }, code("b"), code("slow")];
    let options = StartOptions { time_limit: Some(timer.limit()), ..StartOptions::default() };
    start_with(idle(&apps), options, construct).unwrap()
}

fn is_pending<F: Future>(future: Pin<&mut F>) -> bool {
    future.poll(&mut Context::from_waker(Waker::noop())).is_pending()
}

#[test]
fn a_constructor_that_never_ends_fails_when_its_time_is_over() {
    let timer = Timer::default();
    let host = host(&timer);
    let app = host.id("slow");
    let mut loads = [Box::pin(host.registry.load(app)), Box::pin(host.registry.load(app))];
    assert!(loads.iter_mut().all(|load| is_pending(load.as_mut())));
    timer.end();
    for load in loads {
        let error = now(load).unwrap_err();
        assert!(error.is_too_slow() && error.is_failed() && !error.is_panic() && error.retry_at().is_some());
        assert_eq!(error.to_string(), "app `slow` was not loaded within 7000 ms; the next attempt is due in 100 ms");
    }
    assert_eq!((host.registry.state(app), host.calls()), (State::Failed, vec!["slow"]));
    assert_eq!(host.registry.metrics_of(app).map(|metrics| metrics.errors), Some(1));
}

#[test]
fn the_limit_is_for_each_constructor() {
    let timer = Timer::default();
    let host = host(&timer);
    let mut load = pin!(host.registry.load(host.id("a")));
    assert!(is_pending(load.as_mut()));
    assert!(now(host.registry.load(host.id("b"))).is_ok());
    timer.end();
    let error = now(load).unwrap_err();
    assert_eq!(error.to_string(), "app `a` can't be loaded: it requires `slow`");
    assert_eq!(timer.0.lock().unwrap().asked, [Duration::from_secs(7); 2]);
}

#[test]
fn a_constructor_that_is_done_in_time_is_not_stopped() {
    let timer = Timer::default();
    let host = host(&timer);
    timer.end();
    assert_eq!(host.load("b"), Ok("b".to_owned()));
}

#[test]
fn a_load_goes_on_when_callers_cancel() {
    let timer = Timer::default();
    let host = host(&timer);
    let app = host.id("slow");
    for _ in 0..3 {
        assert!(is_pending(pin!(host.registry.load(app))));
        assert_eq!(host.registry.state(app), State::Loading);
    }
    timer.end();
    assert!(now(host.registry.load(app)).unwrap_err().is_too_slow());
    assert_eq!(host.calls(), ["slow"]);
}
