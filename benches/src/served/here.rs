//! A host in this process, on a thread of its own.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use axum::Router;
use bakehouse_host::{Config, Event, serve};
use bakehouse_sdk::Registry;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;

use crate::Result;

/// A server on one thread, so that it is the server whose limit is met.
pub(super) struct Here {
    pub(super) addr: SocketAddr,
    stop: Arc<Notify>,
    thread: Option<JoinHandle<()>>,
}

impl Here {
    /// Starts a host, and waits until it is ready.
    pub(super) fn host(registry: &'static Registry, dir: &Path) -> Result<Self> {
        let config = config(dir);
        Self::start(move |stop, tell| async move {
            let ready = move |event| {
                if let Event::Ready { report, .. } = event {
                    // Who waits for it has not gone.
                    let _ = tell.send(report.addr);
                }
            };
            serve(registry, config, ready, || stopped(&stop)).await.map_err(io::Error::other)
        })
    }

    /// Starts axum with a router.
    pub(super) fn axum(router: Router) -> Result<Self> {
        Self::start(|stop, tell| async move {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let _ = tell.send(listener.local_addr()?);
            let end = async move { stop.notified().await };
            // As the host sets it: what is answered is sent at once.
            let listener = axum::serve::ListenerExt::tap_io(listener, |stream| drop(stream.set_nodelay(true)));
            axum::serve(listener, router).with_graceful_shutdown(end).await
        })
    }

    fn start<F>(server: impl FnOnce(Arc<Notify>, Sender<SocketAddr>) -> F + Send + 'static) -> Result<Self>
    where
        F: Future<Output = io::Result<()>>,
    {
        let (stop, (tell, told)) = (Arc::new(Notify::new()), mpsc::channel());
        let (runtime, until) = (one_thread()?, Arc::clone(&stop));
        let thread = thread::spawn(move || {
            if let Err(error) = runtime.block_on(server(until, tell)) {
                eprintln!("a server ended: {error}");
            }
        });
        Ok(Self { addr: told.recv()?, stop, thread: Some(thread) })
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        self.stop.notify_one();
        // A panic of the server has been told of when it happened.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// A host at any free port, all of its folders in `dir`.
pub(super) fn config(dir: &Path) -> Config {
    Config::new((Ipv4Addr::LOCALHOST, 0).into(), dir.join("apps"), dir.join("public"))
}

pub(super) fn one_thread() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// Waits to be told to stop; told again, at once.
pub(super) async fn stopped(stop: &Notify) -> io::Result<()> {
    stop.notified().await;
    Ok(())
}
