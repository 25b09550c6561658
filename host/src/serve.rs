//! A host's life: link what is critical, listen, link the rest and load core, be ready, end.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use bakehouse_runtime::registry::{StartOptions, TimeLimit};
use bakehouse_sdk::Registry;
use tokio::net::TcpListener;
use tokio::runtime::Handle;

use crate::catalog::Catalog;
use crate::config::Config;
use crate::error::ServeError;
use crate::event::{Event, Linked, Loaded, StartReport};
use crate::host::{Host, Links, Progress, Site};
use crate::linker::Linker;
use crate::server::Server;

/// Serves the apps of a registry until `shutdown` says that it is enough.
///
/// In this order: the registry is started, the critical assets are linked, the address is bound, and while requests are
/// answered already, the other assets are linked and the core apps are loaded. What can't be linked or loaded is told to
/// `events` and does not keep the rest from being served.
///
/// A request for a file that is not critical waits until all assets but the lazy ones are in place. Those of a lazy set are
/// linked when their app loads, when one of its routes is entered, or when a file of theirs is asked for. An app that is
/// switched off is not served, and what an earlier run linked for it is taken away.
///
/// `shutdown` is called once when the host listens; when its future ends, no further connection is taken, those that wait for
/// a request are closed a moment later unless one comes, and requests in flight have [`Config::grace`] to be answered. It is
/// then called again, so that a second signal ends the wait.
///
/// # Errors
/// If the binary lacks code that the table names, if the registry was started before, or if the address can't be had.
pub async fn serve<S: Future<Output = io::Result<()>>>(
    registry: &'static Registry,
    config: Config,
    mut events: impl FnMut(Event),
    mut shutdown: impl FnMut() -> S,
) -> Result<(), ServeError> {
    let began = Instant::now();
    let links = Linker::new(registry.table(), &config);
    bakehouse_sdk::start(registry, start_options(&config, &links)).map_err(ServeError::start)?;
    let plan = links.plan();
    let critical = links.link_critical(&plan).await.map_err(ServeError::run)?;

    let listener = TcpListener::bind(config.addr).await.map_err(|error| ServeError::bind(config.addr, error))?;
    let addr = listener.local_addr().map_err(|error| ServeError::bind(config.addr, error))?;
    let (public, grace) = (config.public.clone(), config.grace);
    let place = Arc::new(links.place(&plan));
    let site = Site { catalog: Catalog::new(registry), place, links: Arc::clone(&links) };
    let host = Arc::new(Host { registry, site, config, progress: Progress::default() });
    let server = Server::spawn(listener, Arc::clone(&host));
    events(Event::Listening { addr, elapsed: began.elapsed() });

    let start = async {
        let loading = load_core(registry, began);
        let outcome = links.link_rest(plan, critical).await?;
        let linked = Arc::new(Linked { outcome, elapsed: began.elapsed() });
        host.progress.links.get_or_init(|| Links::of(&linked));
        events(Event::Linked(Arc::clone(&linked)));
        let loaded = loading.await?;
        events(Event::Loaded(Arc::clone(&loaded)));
        host.progress.load_time.get_or_init(|| loaded.took);
        let elapsed = *host.progress.start_time.get_or_init(|| began.elapsed());
        let report = StartReport::new(registry.table(), public, linked, loaded, addr, elapsed);
        events(Event::Ready { report, elapsed });
        Ok(())
    };
    let signal = until(shutdown(), start).await;
    let clean = server.stop(grace, shutdown()).await.map_err(ServeError::run)?;
    events(Event::Stopped { clean, elapsed: began.elapsed() });
    signal.map_err(ServeError::run)
}

/// Waits for the signal and sees to the start meanwhile; a start that fails is an end too.
async fn until(
    signal: impl Future<Output = io::Result<()>>,
    start: impl Future<Output = io::Result<()>>,
) -> io::Result<()> {
    let mut signal = pin!(signal);
    tokio::select! {
        ended = &mut signal => return ended,
        started = start => started?,
    }
    signal.await
}

/// What the operator decides about the registry, and what sees to assets and time for it.
fn start_options(config: &Config, links: &Arc<Linker>) -> StartOptions {
    // An app may be loaded from a thread that knows no executor.
    let executor = Handle::current();
    let sleep = move |time| -> bakehouse_sdk::BoxFuture<'static, ()> {
        let _entered = executor.enter();
        Box::pin(tokio::time::sleep(time))
    };
    StartOptions {
        assets: Some(links.assets()),
        max_loaded: config.max_loaded,
        time_limit: Some(TimeLimit::new(config.load_limit, sleep)),
        ..config.environment.start_options()
    }
}

/// Loads the core apps in a task of their own, since their constructors may not give way as they should. The task begins
/// at once.
fn load_core(registry: &'static Registry, began: Instant) -> impl Future<Output = io::Result<Arc<Loaded>>> {
    let from = Instant::now();
    let task = tokio::spawn(async move {
        let results = registry.load_core().await;
        (results, from.elapsed())
    });
    async move {
        let (results, took) = task.await.map_err(io::Error::other)?;
        let slug = |app| registry.table().app(app).slug();
        let apps = results.into_iter().map(|(app, result)| (slug(app), result)).collect();
        Ok(Arc::new(Loaded { apps, took, elapsed: began.elapsed() }))
    }
}
