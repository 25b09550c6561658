//! The apps of the host: most are good, some fail as they are loaded or called.

use std::collections::BTreeMap;
use std::panic;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bakehouse_host::Trouble;
use bakehouse_runtime::registry::Constructor;
use bakehouse_sdk::{App, BoxError, BoxFuture, Context, DynApp, Error, Request, Response};

/// What is the matter with an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Health {
    Good,
    /// Its constructor fails twice, then makes it, and so on.
    Flaky,
    /// As flaky, but by panics.
    Panicking,
    /// Its constructor never ends.
    Stuck,
}

impl Health {
    pub(crate) fn of(slug: &str) -> Self {
        match slug {
            "flaky" => Self::Flaky,
            "panicking" => Self::Panicking,
            "stuck" => Self::Stuck,
            _ => Self::Good,
        }
    }
}

/// What the messages of panics have in them that are meant to be.
const EXPECTED: &str = "a panic of the soak";

/// Every app; the first two are core, the next eight are loaded when needed, and have files.
pub(crate) const SLUGS: [&str; 15] = [
    "core-0",
    "core-1",
    "lazy-0",
    "lazy-1",
    "lazy-2",
    "lazy-3",
    "lazy-4",
    "lazy-5",
    "lazy-6",
    "lazy-7",
    "slow",
    "bad",
    "flaky",
    "panicking",
    "stuck",
];

/// How many of each app there were, and are.
#[derive(Debug)]
pub(crate) struct Lives {
    apps: BTreeMap<&'static str, Life>,
}

#[derive(Debug, Default)]
struct Life {
    tries: AtomicU64,
    made: AtomicU64,
    dropped: AtomicU64,
}

static LIVES: LazyLock<Arc<Lives>> =
    LazyLock::new(|| Arc::new(Lives { apps: SLUGS.map(|slug| (slug, Life::default())).into() }));

impl Lives {
    pub(crate) fn all() -> Arc<Self> {
        Arc::clone(&LIVES)
    }

    fn of(&self, slug: &str) -> &Life {
        self.apps.get(slug).expect("an app of the host")
    }

    /// How often its constructor made it.
    pub(crate) fn n_made(&self, slug: &str) -> u64 {
        self.of(slug).made.load(Ordering::SeqCst)
    }

    /// How many of those were not dropped.
    pub(crate) fn n_alive(&self, slug: &str) -> u64 {
        self.n_made(slug) - self.of(slug).dropped.load(Ordering::SeqCst)
    }
}

/// An app, which is counted as long as it lives.
struct Counted {
    slug: String,
    /// So that one which is left behind is seen in the memory too.
    _ballast: Vec<u8>,
}

impl Drop for Counted {
    fn drop(&mut self) {
        LIVES.of(&self.slug).dropped.fetch_add(1, Ordering::SeqCst);
    }
}

impl App for Counted {
    /// Answers its slug, after a while in which it is in use.
    async fn handle(&self, _request: Request) -> Result<Response, Error> {
        assert!(self.slug != "bad", "{EXPECTED}");
        tokio::task::yield_now().await;
        Ok(Response::new(self.slug.clone().into()))
    }
}

pub(crate) fn constructor(slug: &'static str) -> Constructor<dyn DynApp, Context> {
    Constructor { slug, entry: "soak::app", construct }
}

fn construct(ctx: Context) -> BoxFuture<'static, Result<Box<dyn DynApp>, BoxError>> {
    Box::pin(async move {
        let life = LIVES.of(ctx.slug());
        let n_tries = life.tries.fetch_add(1, Ordering::SeqCst);
        let is_due = n_tries % 3 == 2;
        match Health::of(ctx.slug()) {
            Health::Flaky if !is_due => return Err("an error of the soak".into()),
            Health::Panicking => assert!(is_due, "{EXPECTED}"),
            Health::Stuck => std::future::pending().await,
            Health::Good if ctx.slug() == "slow" => tokio::time::sleep(Duration::from_millis(5)).await,
            _ => {}
        }
        life.made.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(Counted { slug: ctx.slug().to_owned(), _ballast: vec![1; 16 * 1024] }) as Box<dyn DynApp>)
    })
}

/// Whether a trouble is one that an app here is meant to make.
pub(crate) fn expected_troubles(trouble: &Trouble) -> bool {
    trouble.app.is_some_and(|app| app == "bad" || Health::of(app) != Health::Good)
}

/// Keeps the panics that are meant to be out of the test's output.
pub(crate) fn hush_expected_panics() {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !info.to_string().contains(EXPECTED) {
            tell(info);
        }
    }));
}
