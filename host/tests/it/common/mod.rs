//! A real server for each test, with apps made for it, and a client of sixty lines.

mod client;
mod table;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bakehouse_host::{Config, Event, Listener, ServeError, serve};
use bakehouse_runtime::Table;
use bakehouse_runtime::registry::{Constructor, Registry, Slot};
use bakehouse_sdk::{Context, DynApp};
use tempfile::TempDir;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;

pub(crate) use self::client::{Answer, get, send};
pub(crate) use self::table::App;

pub(crate) type Construct = Constructor<dyn DynApp, Context>;

/// What a test wants to be served.
#[derive(Default)]
pub(crate) struct Setup {
    pub(crate) apps: Vec<App>,
    pub(crate) constructors: Vec<Construct>,
    pub(crate) redirect: bool,
    /// Files below the folder of the apps.
    pub(crate) sources: &'static [(&'static str, &'static str)],
    /// Files below the public folder.
    pub(crate) files: &'static [(&'static str, &'static str)],
    pub(crate) body_limit: Option<usize>,
    pub(crate) grace: Option<Duration>,
    /// Do not wait until the host is ready, only until it listens.
    pub(crate) impatient: bool,
}

/// A host that listens.
pub(crate) struct Running {
    pub(crate) addr: SocketAddr,
    pub(crate) dir: TempDir,
    pub(crate) events: Arc<Mutex<Vec<Event>>>,
    pub(crate) troubles: Arc<Mutex<Vec<String>>>,
    pub(crate) stop: Arc<Notify>,
    pub(crate) task: JoinHandle<Result<(), ServeError>>,
}

impl Running {
    pub(crate) fn root(&self) -> PathBuf {
        self.dir.path().join("apps")
    }

    pub(crate) fn public(&self) -> PathBuf {
        self.dir.path().join("public")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        get(self.addr, path, &[]).await
    }

    pub(crate) async fn get_as_browser(&self, path: &str) -> Answer {
        get(self.addr, path, &[("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")]).await
    }

    pub(crate) fn events(&self) -> Vec<String> {
        let events = self.events.lock().unwrap();
        events.iter().map(|event| event.to_json()["event"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) fn troubles(&self) -> Vec<String> {
        self.troubles.lock().unwrap().clone()
    }
}

impl Setup {
    /// Starts the host; ends when it is ready.
    pub(crate) async fn run(self) -> Running {
        let dir = TempDir::new().unwrap();
        write_all(&dir.path().join("apps"), self.sources);
        write_all(&dir.path().join("public"), self.files);
        let registry = registry(self.redirect, &self.apps, self.constructors);
        let troubles = Arc::new(Mutex::new(Vec::new()));
        let config = config(&dir, &troubles, self.body_limit, self.grace);
        let (events, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Notify::new()));
        let (tell, mut told) = mpsc::unbounded_channel();
        let (kept, until) = (Arc::clone(&events), Arc::clone(&stop));
        let on_event = move |event: Event| {
            match &event {
                Event::Listening { addr, .. } if self.impatient => drop(tell.send(*addr)),
                Event::Ready { report, .. } if !self.impatient => drop(tell.send(report.addr)),
                _ => {}
            }
            kept.lock().unwrap().push(event);
        };
        let shutdown = move || {
            let until = Arc::clone(&until);
            async move {
                until.notified().await;
                Ok(())
            }
        };
        let task = tokio::spawn(serve(registry, config, on_event, shutdown));
        let addr = told.recv().await.expect("the host starts");
        Running { addr, dir, events, troubles, stop, task }
    }
}

/// A registry that lives as long as the test's process.
pub(crate) fn registry(redirect: bool, apps: &[App], constructors: Vec<Construct>) -> &'static bakehouse_sdk::Registry {
    let table = Table::baked(table::bake(redirect, apps).leak());
    let slots: Vec<Slot<dyn DynApp>> = constructors.iter().map(|_| Slot::new()).collect();
    Box::leak(Box::new(Registry::new(table, constructors.leak(), slots.leak())))
}

/// Any free port of this machine.
pub(crate) fn any_port() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, 0).into()
}

fn config(
    dir: &TempDir,
    troubles: &Arc<Mutex<Vec<String>>>,
    body_limit: Option<usize>,
    grace: Option<Duration>,
) -> Config {
    let mut config = Config::new(any_port(), dir.path().join("apps"), dir.path().join("public"));
    let troubles = Arc::clone(troubles);
    config.listener = Listener::new(move |trouble| troubles.lock().unwrap().push(trouble.to_string()));
    config.body_limit = body_limit.unwrap_or(config.body_limit);
    config.grace = grace.unwrap_or(config.grace);
    config
}

pub(crate) fn write_all(folder: &Path, files: &[(&str, &str)]) {
    std::fs::create_dir_all(folder).unwrap();
    for (path, content) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
}
