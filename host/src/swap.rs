//! Another table takes the place of the one that a host serves by, while it serves.
//!
//! In this order: the table is refused if the binary can't run it; its critical assets are linked; the registry and all
//! requests that come from then on go by it; its other assets are linked, what the table before had is taken away, and
//! core apps that are not there yet are loaded. A request that came before goes on by the table that it found.

use std::error::Error;
use std::fmt::{self, Debug, Display, Formatter};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bakehouse_runtime::Table;
use bakehouse_runtime::environment::Environment;
use bakehouse_runtime::registry::{StartError, Swapped};
use tokio::sync::{mpsc, oneshot};

use crate::event::{Linked, Loaded};
use crate::host::Host;
use crate::options::start_options;
use crate::site::{Rest, Site};

/// Gives a host other tables while it serves: the host whose [`Config`](crate::Config) has a clone of it.
#[derive(Clone)]
pub struct Swapper {
    requests: mpsc::UnboundedSender<Request>,
    /// Taken by the host.
    queue: Arc<Mutex<Option<Queue>>>,
}

pub(crate) type Queue = mpsc::UnboundedReceiver<Request>;

/// A table that somebody wants the host to go by.
pub(crate) struct Request {
    table: Table<'static>,
    environment: Environment,
    reply: oneshot::Sender<Result<Arc<SwapReport>, SwapError>>,
}

/// What a swap of the table came to.
#[derive(Debug)]
#[non_exhaustive]
pub struct SwapReport {
    /// How many apps the table has.
    pub n_apps: usize,
    /// How many routes it has.
    pub n_routes: usize,
    /// What it means for the apps that have code.
    pub apps: Swapped,
    /// What came of its link plan.
    pub linked: Arc<Linked>,
    /// What came of its core apps, those that were there already among them.
    pub loaded: Arc<Loaded>,
    /// How long all of it took.
    pub elapsed: Duration,
}

impl Swapper {
    /// One for a host that is to start.
    pub fn new() -> Self {
        let (requests, queue) = mpsc::unbounded_channel();
        Self { requests, queue: Arc::new(Mutex::new(Some(queue))) }
    }

    /// Has the host go by this table, with the switches that were read for it, once its start and the swaps before are over.
    /// The answer comes when all of the swap is done.
    ///
    /// The table has to live as long as the process: so does one that was parsed from leaked bytes.
    ///
    /// # Errors
    /// If the binary lacks code that the table names: then the host goes on by the table that it has. Also if the host has
    /// ended.
    pub async fn swap(&self, table: Table<'static>, environment: Environment) -> Result<Arc<SwapReport>, SwapError> {
        let (reply, answer) = oneshot::channel();
        let is_sent = self.requests.send(Request { table, environment, reply }).is_ok();
        if !is_sent {
            return Err(SwapError { kind: Kind::NoHost });
        }
        answer.await.unwrap_or(Err(SwapError { kind: Kind::NoHost }))
    }

    /// The queue, for the host that is first to ask.
    pub(crate) fn take_queue(&self) -> Option<Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Default for Swapper {
    fn default() -> Self {
        Self::new()
    }
}

impl Debug for Swapper {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Swapper").finish_non_exhaustive()
    }
}

/// Carries out swaps one after the other, and tells of each that went well.
pub(crate) async fn carry_out(host: &Host, queue: Option<Queue>, mut tell: impl FnMut(Arc<SwapReport>)) {
    let Some(mut queue) = queue else { return };
    while let Some(Request { table, environment, reply }) = queue.recv().await {
        let outcome = swap(host, table, environment).await.map(Arc::new);
        if let Ok(report) = &outcome {
            tell(Arc::clone(report));
        }
        // Whoever asked may not want to know any more.
        let _ = reply.send(outcome);
    }
}

async fn swap(host: &Host, table: Table<'static>, environment: Environment) -> Result<SwapReport, SwapError> {
    let began = Instant::now();
    host.registry.can_run(table)?;
    let old = host.site();
    let links = old.links.successor(table, environment.clone());
    let rest = Rest::after_critical(&links).await?;
    let apps = host.registry.swap(table, start_options(&host.config, &environment, &links))?;
    let edition = host.registry.edition().ok_or_else(StartError::not_started)?;
    let site = Arc::new(Site::new(edition, links, &rest));
    old.retire();
    host.move_to(Arc::clone(&site));
    let loading = site.load_core(began);
    let linked = site.link_rest(rest, began).await?;
    let loaded = loading.await?;
    site.retry(loaded.failed());
    site.warm_up(&host.config);
    let (n_apps, n_routes) = (table.n_apps(), table.n_routes());
    Ok(SwapReport { n_apps, n_routes, apps, linked, loaded, elapsed: began.elapsed() })
}

/// Why a host did not go by another table, or could not do all that belongs to it.
#[derive(Debug)]
pub struct SwapError {
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    NoHost,
    Refused(StartError),
    Run(io::Error),
}

impl SwapError {
    /// Whether the table was refused, so that the host goes on by the one that it has.
    pub fn is_refused(&self) -> bool {
        matches!(self.kind, Kind::Refused(_))
    }
}

impl From<StartError> for SwapError {
    fn from(error: StartError) -> Self {
        Self { kind: Kind::Refused(error) }
    }
}

impl From<io::Error> for SwapError {
    fn from(error: io::Error) -> Self {
        Self { kind: Kind::Run(error) }
    }
}

impl Display for SwapError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::NoHost => "no host serves that could take another table",
            Kind::Refused(_) => "the new table can't be bound to this binary; the host goes on by the one it has",
            Kind::Run(_) => "the swap of the table was cut off",
        })
    }
}

impl Error for SwapError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            Kind::NoHost => None,
            Kind::Refused(error) => Some(error),
            Kind::Run(error) => Some(error),
        }
    }
}
