//! A host's life: link what is critical, listen, link the rest and load core, be ready, take other tables, end.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use bakehouse_runtime::registry::StartError;
use bakehouse_sdk::Registry;
use tokio::net::TcpListener;

use crate::config::Config;
use crate::error::ServeError;
use crate::event::{Event, StartReport};
use crate::host::Host;
use crate::linker::Linker;
use crate::metrics::Observation;
use crate::options::start_options;
use crate::server::Server;
use crate::site::{Rest, Site};
use crate::swap;

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
/// When it is ready, it loads the apps that the table names for a warm-up, one at a time, and takes other tables from [`Config::swapper`].
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
    let table = config.table.unwrap_or_else(|| registry.table());
    let links = Linker::new(table, &config);
    let options = start_options(&config, &config.environment, &links);
    bakehouse_sdk::start_with(registry, table, options).map_err(ServeError::start)?;
    let edition = registry.edition().ok_or_else(|| ServeError::start(StartError::not_started()))?;
    let rest = Rest::after_critical(&links).await.map_err(ServeError::run)?;

    let listener = TcpListener::bind(config.addr).await.map_err(|error| ServeError::bind(config.addr, error))?;
    let addr = listener.local_addr().map_err(|error| ServeError::bind(config.addr, error))?;
    let (public, grace, swaps) = (config.public.clone(), config.grace, config.swapper.take_queue());
    let site = Arc::new(Site::new(edition, links, &rest));
    let host = Arc::new(Host::new(registry, Arc::clone(&site), config, began));
    let server = Server::spawn(listener, Arc::clone(&host));
    let observation = Observation::new(Arc::clone(&host));
    let life = async {
        events(Event::Listening { addr, elapsed: began.elapsed(), observation });
        let loading = site.load_core(began);
        let linked = site.link_rest(rest, began).await?;
        events(Event::Linked(Arc::clone(&linked)));
        let loaded = loading.await?;
        events(Event::Loaded(Arc::clone(&loaded)));
        host.progress.load_time.get_or_init(|| loaded.took);
        let elapsed = *host.progress.start_time.get_or_init(|| began.elapsed());
        let report = StartReport::new(table, public, linked, loaded, addr, elapsed);
        site.retry(report.loaded.failed());
        events(Event::Ready { report, elapsed });
        site.warm_up(&host.config);
        drop(site);
        swap::carry_out(&host, swaps, |report| events(Event::Swapped(report))).await;
        Ok(())
    };
    let signal = until(shutdown(), life).await;
    host.site().rest();
    let clean = server.stop(grace, shutdown()).await.map_err(ServeError::run)?;
    events(Event::Stopped { clean, elapsed: began.elapsed() });
    signal.map_err(ServeError::run)
}

/// Waits for the signal and sees to the host's life meanwhile; a start that fails is an end too.
async fn until(
    signal: impl Future<Output = io::Result<()>>,
    life: impl Future<Output = io::Result<()>>,
) -> io::Result<()> {
    let mut signal = pin!(signal);
    tokio::select! {
        // The signal is listened for before somebody is told that the host listens, and may send one.
        biased;
        ended = &mut signal => return ended,
        lived = life => lived?,
    }
    signal.await
}
