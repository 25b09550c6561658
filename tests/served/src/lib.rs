//! What the tests of whole hosts are written with: a host in this process, and a client that keeps its connection.

mod client;

pub use client::{Answer, Client};

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use bakehouse_host::{Config, Event, ServeError, serve};
use bakehouse_sdk::Registry;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

/// A host that is ready.
#[derive(Debug)]
pub struct Served {
    /// Where it listens.
    pub addr: SocketAddr,
    stop: Arc<Notify>,
    task: JoinHandle<Result<(), ServeError>>,
}

impl Served {
    /// Starts a host, and waits until it is ready.
    ///
    /// # Panics
    ///
    /// If it ends before that.
    pub async fn start(registry: &'static Registry, config: Config) -> Self {
        let stop = Arc::new(Notify::new());
        let until = Arc::clone(&stop);
        let shutdown = move || {
            let until = Arc::clone(&until);
            async move {
                until.notified().await;
                io::Result::Ok(())
            }
        };
        let (tell, told) = oneshot::channel();
        let mut tell = Some(tell);
        let events = move |event| {
            if let Event::Ready { report, .. } = event {
                tell.take().map(|tell| tell.send(report.addr));
            }
        };
        let task = tokio::spawn(serve(registry, config, events, shutdown));
        let addr = told.await.expect("the host starts");
        Self { addr, stop, task }
    }

    /// Ends it.
    ///
    /// # Panics
    ///
    /// If it does not end well.
    pub async fn end(self) {
        self.stop.notify_one();
        self.task.await.expect("it does not panic").expect("it ends well");
    }
}

/// A path that a route pattern matches: `x` for each param.
pub fn sample(pattern: &str) -> String {
    let mut parts = pattern.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |path, part| path + "x" + part.split_once('}').map_or("", |(_, behind)| behind))
}
