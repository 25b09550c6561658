//! What a host is told when it starts.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use bakehouse_runtime::environment::Environment;
use bakehouse_runtime::link::state_dir;

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
    /// How long requests in flight may take to end when the host is to stop: 10 s unless set otherwise.
    pub grace: Duration,
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
            grace: Duration::from_secs(10),
            listener: Listener::default(),
        }
    }
}
