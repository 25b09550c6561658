//! A real server for each test, with apps made for it, and a client of sixty lines.

mod baker;
mod client;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use bakehouse_host::{Config, Event, Listener, Observation, ServeError, SwapError, SwapReport, Swapper, serve};
use bakehouse_runtime::Table;
use bakehouse_runtime::environment::Environment;
use bakehouse_runtime::registry::{Constructor, Registry, Slot};
use bakehouse_sdk::{BoxError, BoxFuture, Context, DynApp};
use tempfile::TempDir;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;

pub(crate) use self::baker::App;
pub(crate) use self::client::{Answer, exchange, get, send};

/// What a constructor gives.
pub(crate) type Made = BoxFuture<'static, Result<Box<dyn DynApp>, BoxError>>;

/// A constructor of the app of this slug, for the entry `<slug>::app`.
pub(crate) type Construct = (&'static str, fn(Context) -> Made);

/// What a test wants to be served.
#[derive(Default)]
pub(crate) struct Setup {
    pub(crate) apps: Vec<App>,
    pub(crate) constructors: Vec<Construct>,
    /// The lines below `[routes]` in the host manifest.
    pub(crate) routes_section: &'static str,
    /// Files below the folder of the apps.
    pub(crate) sources: &'static [(&'static str, &'static str)],
    /// Files below the public folder, there before the host starts.
    pub(crate) files: &'static [(&'static str, &'static str)],
    /// Makes the public folder a file, so that nothing can be linked.
    pub(crate) no_public: bool,
    /// Environment variables.
    pub(crate) vars: &'static [(&'static str, &'static str)],
    /// Changes what a host is told otherwise.
    pub(crate) configure: Option<fn(&mut Config)>,
    /// Waits until the host listens, not until it is ready.
    pub(crate) impatient: bool,
}

/// A host that listens.
pub(crate) struct Running {
    pub(crate) addr: SocketAddr,
    pub(crate) dir: TempDir,
    pub(crate) events: Arc<Mutex<Vec<Event>>>,
    pub(crate) troubles: Arc<Mutex<Vec<String>>>,
    pub(crate) stop: Arc<Notify>,
    pub(crate) swapper: Swapper,
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

    /// What came of the link plan, as a line of JSON has it.
    pub(crate) fn linked(&self) -> serde_json::Value {
        let events = self.events.lock().unwrap();
        let linked = events.iter().find(|event| matches!(event, Event::Linked(_)));
        linked.expect("the plan was carried out").to_json()
    }

    /// The start report, as a person reads it.
    pub(crate) fn report(&self) -> String {
        let events = self.events.lock().unwrap();
        let report = events.iter().find_map(|event| match event {
            Event::Ready { report, .. } => Some(report.to_string()),
            _ => None,
        });
        report.expect("the host is ready")
    }

    /// Has the host go by the table of these apps, where the manifests of those before are gone.
    pub(crate) async fn swap(&self, apps: &[App], vars: &[(&str, &str)]) -> Result<Arc<SwapReport>, SwapError> {
        for folder in std::fs::read_dir(self.root()).unwrap() {
            let _ = std::fs::remove_file(folder.unwrap().path().join("app.toml"));
        }
        let table = Table::parse(baker::bake(self.dir.path(), "", apps).leak()).unwrap();
        let vars = vars.iter().map(|(name, value)| (name.into(), value.into()));
        self.swapper.swap(table, Environment::from_vars(table, vars).unwrap()).await
    }

    /// Ends the host; what is left is its folder.
    pub(crate) async fn end(self) -> TempDir {
        self.stop.notify_one();
        self.task.await.unwrap().unwrap();
        self.dir
    }

    /// What the program around the host can ask for.
    pub(crate) fn observation(&self) -> Observation {
        let events = self.events.lock().unwrap();
        let observation = events.iter().find_map(|event| match event {
            Event::Listening { observation, .. } => Some(observation.clone()),
            _ => None,
        });
        observation.expect("the host listens")
    }

    pub(crate) fn troubles(&self) -> Vec<String> {
        self.troubles.lock().unwrap().clone()
    }
}

impl Setup {
    /// Starts the host.
    pub(crate) async fn run(self) -> Running {
        self.run_in(TempDir::new().unwrap()).await
    }

    /// Starts the host in a folder where another one may have been.
    pub(crate) async fn run_in(self, dir: TempDir) -> Running {
        write_all(&dir.path().join("apps"), self.sources);
        if self.no_public {
            std::fs::write(dir.path().join("public"), "in the way").unwrap();
        } else {
            write_all(&dir.path().join("public"), self.files);
        }
        let registry = registry(dir.path(), self.routes_section, &self.apps, self.constructors);
        let troubles = Arc::new(Mutex::new(Vec::new()));
        let mut config = config(&dir, &troubles);
        let vars = self.vars.iter().map(|(name, value)| (name.into(), value.into()));
        config.environment = Environment::from_vars(registry.table(), vars).unwrap();
        if let Some(configure) = self.configure {
            configure(&mut config);
        }
        let swapper = config.swapper.clone();
        let (events, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Notify::new()));
        let (tell, mut told) = mpsc::unbounded_channel();
        let (kept, until) = (Arc::clone(&events), Arc::clone(&stop));
        let on_event = move |event: Event| {
            let addr = match &event {
                Event::Listening { addr, .. } if self.impatient => Some(*addr),
                Event::Ready { report, .. } if !self.impatient => Some(report.addr),
                _ => None,
            };
            kept.lock().unwrap().push(event);
            if let Some(addr) = addr {
                let _ = tell.send(addr);
            }
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
        Running { addr, dir, events, troubles, stop, swapper, task }
    }
}

/// A registry that lives as long as the test's process.
pub(crate) fn registry(
    dir: &Path,
    routes_section: &str,
    apps: &[App],
    constructors: Vec<Construct>,
) -> &'static bakehouse_sdk::Registry {
    let table = Table::parse(baker::bake(dir, routes_section, apps).leak()).unwrap();
    let constructor = |(slug, construct): Construct| {
        let entry = format!("{slug}::app").leak();
        Constructor { slug, entry, construct }
    };
    let constructors: Vec<_> = constructors.into_iter().map(constructor).collect();
    let slots: Vec<Slot<dyn DynApp>> = constructors.iter().map(|_| Slot::new()).collect();
    Box::leak(Box::new(Registry::new(table, constructors.leak(), slots.leak())))
}

/// A constructor's answer: the app.
pub(crate) fn made(app: impl bakehouse_sdk::App) -> Made {
    Box::pin(async { Ok(Box::new(app) as Box<dyn DynApp>) })
}

/// Any free port of this machine.
pub(crate) fn any_port() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, 0).into()
}

fn config(dir: &TempDir, troubles: &Arc<Mutex<Vec<String>>>) -> Config {
    let mut config = Config::new(any_port(), dir.path().join("apps"), dir.path().join("public"));
    let troubles = Arc::clone(troubles);
    config.listener = Listener::new(move |trouble| troubles.lock().unwrap().push(trouble.to_string()));
    config
}

fn write_all(folder: &Path, files: &[(&str, &str)]) {
    std::fs::create_dir_all(folder).unwrap();
    for (path, content) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
}
