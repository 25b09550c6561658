//! What a host is told when it starts.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use bakehouse_runtime::Table;
use bakehouse_runtime::environment::Environment;
use bakehouse_runtime::link::state_dir;
use bakehouse_runtime::registry::Observer;

use crate::swap::Swapper;
use crate::trouble::Listener;

/// Where a host listens, where its files are, and what it allows.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// The address to listen on; port 0 takes any free one.
    pub addr: SocketAddr,
    /// The folder of the apps.
    pub root: PathBuf,
    /// The public folder. Made if it is not there.
    pub public: PathBuf,
    /// The folder of the link ledger; beside the public folder unless set otherwise.
    pub state: PathBuf,
    /// The operator's switches: how links are made, what is loaded at start, which apps are on. Its `root` is not looked
    /// at; whoever makes the configuration has done that.
    pub environment: Environment,
    /// The longest body of a request, in bytes: 2 MiB unless set otherwise. Longer ones are answered with 413.
    pub body_limit: usize,
    /// The longest path of a request with its query, in bytes: 8 KiB unless set otherwise. Longer ones are answered with 414.
    pub path_limit: usize,
    /// How long the header lines of a request may be together, in bytes: 32 KiB unless set otherwise. Longer ones are
    /// answered with 431.
    pub header_limit: usize,
    /// How long a client may take to send the head of a request, counted from the end of the answer before, and then again to
    /// send its body: 30 s each unless set otherwise. A connection without a whole head by then is closed, since it may be
    /// merely idle; a body that is not there by then is answered with 408.
    pub read_limit: Duration,
    /// How long an app may take to load, from the call of its constructor: 30 s unless set otherwise. The load has failed then.
    pub load_limit: Duration,
    /// How long an app may take to answer a request: 30 s unless set otherwise. What it is doing about the request is
    /// dropped then, and the answer is 504. A body that an app streams may take as long as it likes.
    ///
    /// Neither limit can stop code that keeps its thread instead of giving way.
    pub handle_limit: Duration,
    /// How many apps may be loaded at once, core apps among them; as many as there are unless set. Idle ones that were last
    /// used longest ago go first.
    pub max_loaded: Option<usize>,
    /// The table to begin with; that of the binary unless set.
    pub table: Option<Table<'static>>,
    /// Gives the host other tables while it serves.
    pub swapper: Swapper,
    /// How long requests in flight may take to end when the host is to stop: 10 s unless set otherwise.
    pub grace: Duration,
    /// Who is told of each load of an app, besides.
    pub observer: Option<Observer>,
    /// Who is told what goes wrong while the host serves; printed on stderr unless set otherwise.
    pub listener: Listener,
}

impl Config {
    /// A host at `addr` with the apps below `root` and its public folder at `public`.
    pub fn new(addr: SocketAddr, root: impl Into<PathBuf>, public: impl Into<PathBuf>) -> Self {
        let public = public.into();
        Self {
            addr,
            root: root.into(),
            state: state_dir(&public),
            public,
            environment: Environment::default(),
            body_limit: 2 * 1024 * 1024,
            path_limit: 8 * 1024,
            header_limit: 32 * 1024,
            read_limit: Duration::from_secs(30),
            load_limit: Duration::from_secs(30),
            handle_limit: Duration::from_secs(30),
            max_loaded: None,
            table: None,
            swapper: Swapper::new(),
            grace: Duration::from_secs(10),
            observer: None,
            listener: Listener::default(),
        }
    }
}
