//! A host whose apps are texts, and whose constructors do what a test says.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use bakehouse_runtime::AppId;
use bakehouse_runtime::registry::{BoxError, BoxFuture, Constructor, Registry, Slot, StartError, StartOptions};

use crate::image::{App, table};

/// What a constructor comes to.
pub(crate) type Made = Result<Box<str>, BoxError>;

/// A constructor at work.
pub(crate) type Making = BoxFuture<'static, Made>;

/// What a constructor takes.
pub(crate) struct Job {
    slug: &'static str,
    host: Arc<Behaviour>,
}

struct Behaviour {
    calls: Mutex<Vec<&'static str>>,
    construct: Box<dyn Fn(&'static str) -> BoxFuture<'static, Made> + Send + Sync>,
}

pub(crate) struct Host {
    pub(crate) registry: &'static Registry<str, Job>,
    behaviour: Arc<Behaviour>,
}

/// A host that is not started; its binary has a constructor for each app with code.
pub(crate) fn idle(apps: &[App]) -> &'static Registry<str, Job> {
    let with_code = apps.iter().filter(|app| !app.entry.is_empty());
    binary(apps, with_code.map(|app| (app.slug, app.entry.clone().leak() as &str)))
}

/// A host whose binary has these constructors.
pub(crate) fn binary(
    apps: &[App],
    constructors: impl Iterator<Item = (&'static str, &'static str)>,
) -> &'static Registry<str, Job> {
    let construct = |job: Job| -> BoxFuture<'static, Made> {
        job.host.calls.lock().unwrap().push(job.slug);
        (job.host.construct)(job.slug)
    };
    let constructors: Vec<_> = constructors.map(|(slug, entry)| Constructor { slug, entry, construct }).collect();
    let slots: Vec<_> = constructors.iter().map(|_| Slot::new()).collect();
    Box::leak(Box::new(Registry::new(table(apps), constructors.leak(), slots.leak())))
}

/// Starts a host whose constructors do as they are told.
pub(crate) fn start_with(
    registry: &'static Registry<str, Job>,
    options: StartOptions,
    construct: impl Fn(&'static str) -> BoxFuture<'static, Made> + Send + Sync + 'static,
) -> Result<Host, StartError> {
    let behaviour = Arc::new(Behaviour { calls: Mutex::default(), construct: Box::new(construct) });
    let host = Arc::clone(&behaviour);
    registry.start(move |app| Job { slug: app.slug(), host: Arc::clone(&host) }, options)?;
    Ok(Host { registry, behaviour })
}

/// A started host whose constructors do as they are told.
pub(crate) fn host_with(
    apps: &[App],
    construct: impl Fn(&'static str) -> BoxFuture<'static, Made> + Send + Sync + 'static,
) -> Host {
    start_with(idle(apps), StartOptions::default(), construct).unwrap()
}

/// A started host whose apps all load.
pub(crate) fn host(apps: &[App]) -> Host {
    host_with(apps, |slug| Box::pin(async move { Ok(slug.into()) }))
}

impl Host {
    /// Which constructors were called, in order.
    pub(crate) fn calls(&self) -> Vec<&'static str> {
        self.behaviour.calls.lock().unwrap().clone()
    }

    pub(crate) fn id(&self, slug: &str) -> AppId {
        self.registry.table().resolve(slug).unwrap().id()
    }

    /// Loads an app: its text, or its error and the error's cause.
    pub(crate) fn load(&self, slug: &str) -> Result<String, [String; 2]> {
        use std::error::Error;
        let loaded = self.registry.load_blocking(self.id(slug));
        loaded.map(|app| app.to_string()).map_err(|error| {
            let source = error.source().map(ToString::to_string);
            [error.to_string(), source.unwrap_or_default()]
        })
    }
}

/// The output of a future that has nothing to wait for.
pub(crate) fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("must be ready"),
    }
}

/// Parks this thread until a future is ready.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}
