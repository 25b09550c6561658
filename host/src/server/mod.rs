//! Takes connections and serves each in a task of its own, until it is told to stop.

mod connection;
mod listen;
mod seat;
mod socket;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};

use self::listen::Door;
use crate::config::Config;
use crate::host::Host;

/// How much hyper reads of a head unless it is told otherwise, in bytes.
const BUFFER: usize = 8 * 1024 + 4 * 1024 * 100;

/// A server that takes connections in a task of its own.
pub(crate) struct Server {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) fn spawn(listener: TcpListener, host: Arc<Host>) -> Self {
        let (stop, stopped) = oneshot::channel();
        Self { stop, task: tokio::spawn(run(listener, host, stopped)) }
    }

    /// Takes no more connections, and waits for requests in flight as long as `grace` and `hurry` allow; what is left then is
    /// cut off. Says whether nothing was.
    ///
    /// # Errors
    /// If the server panicked.
    pub(crate) async fn stop(mut self, grace: Duration, hurry: impl Future) -> io::Result<bool> {
        // The server may have ended by itself; then nobody listens.
        let _ = self.stop.send(());
        tokio::select! {
            ended = &mut self.task => return ended.map(|()| true).map_err(io::Error::other),
            () = tokio::time::sleep(grace) => {}
            _ = hurry => {}
        }
        self.task.abort();
        Ok(false)
    }
}

async fn run(listener: TcpListener, host: Arc<Host>, mut stopped: oneshot::Receiver<()>) {
    let mut door = Door::new(listener);
    let mut connections = Connections::new(host);
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            stream = door.next(&connections.host.config.listener) => connections.add(stream),
            Some(_) = connections.tasks.join_next() => {}
        }
    }
    connections.host.progress.end();
    door.close().for_each(|stream| connections.add(stream));
    connections.end().await;
}

/// The connections that are open.
struct Connections {
    host: Arc<Host>,
    http: http1::Builder,
    /// Whether the server is ending.
    ending: watch::Sender<bool>,
    /// Cut off when this is dropped.
    tasks: JoinSet<()>,
}

impl Connections {
    fn new(host: Arc<Host>) -> Self {
        let http = http(&host.config);
        Self { host, http, ending: watch::Sender::new(false), tasks: JoinSet::new() }
    }

    fn add(&mut self, stream: TcpStream) {
        let (host, http, ending) = (Arc::clone(&self.host), self.http.clone(), self.ending.subscribe());
        self.tasks.spawn(connection::serve(stream, http, host, ending));
    }

    async fn end(mut self) {
        self.ending.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// HTTP/1.1 as far as hyper sees to it. Its own limits are behind ours, whose answers say what is wrong.
fn http(config: &Config) -> http1::Builder {
    let mut http = http1::Builder::new();
    let head = config.path_limit.saturating_add(config.header_limit).saturating_mul(2);
    // Who is slow is seen to by the connection.
    http.header_read_timeout(None).max_buf_size(head.max(BUFFER));
    http
}
