//! The host, and what can be seen of it from outside.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bakehouse_codegen::{Options, compile};
use bakehouse_host::{Config, Listener, Swapper, Trouble};
use bakehouse_runtime::environment::Environment;
use bakehouse_runtime::registry::Slot;
use bakehouse_runtime::{AppId, Table};
use bakehouse_sdk::Registry;
use bakehouse_served::Served;
use tempfile::TempDir;

use crate::apps::{Lives, SLUGS, constructor};

/// How many apps may be loaded at once, the two core apps among them.
const MAX_LOADED: usize = 6;

/// How long a constructor may take.
const LOAD_LIMIT: Duration = Duration::from_millis(200);

/// Each swap leaves some memory behind, so that not all the time that there is can go into them.
const BETWEEN_SWAPS: Duration = Duration::from_millis(100);

/// How long the host may take to close connections that nobody has any more.
const PATIENCE: Duration = Duration::from_secs(30);

/// The host under test.
pub(crate) struct World {
    pub(crate) registry: &'static Registry,
    pub(crate) served: Served,
    /// The one that the host begins with, and one in which some apps have another record.
    tables: [Table<'static>; 2],
    swapper: Swapper,
    pub(crate) lives: Arc<Lives>,
    pub(crate) troubles: Troubles,
    _dir: TempDir,
}

/// What went wrong with the host, but for what was expected.
#[derive(Clone, Default)]
pub(crate) struct Troubles(Arc<Mutex<Vec<Trouble>>>);

impl Troubles {
    pub(crate) fn unexpected(&self, is_expected: impl Fn(&Trouble) -> bool) -> Vec<String> {
        let troubles = self.0.lock().expect("nobody panicked here");
        troubles.iter().filter(|trouble| !is_expected(trouble)).map(ToString::to_string).collect()
    }
}

impl World {
    /// Starts the host; it lives as long as the process.
    pub(crate) async fn start() -> &'static Self {
        let dir = TempDir::new().expect("a folder");
        let tables = ["", "Changed"].map(|text| Table::parse(bake(dir.path(), text).leak()).expect("a table"));
        let constructors = Vec::from(SLUGS.map(constructor));
        let slots: Vec<_> = constructors.iter().map(|_| Slot::new()).collect();
        let registry: &'static Registry =
            Box::leak(Box::new(Registry::new(tables[0], constructors.leak(), slots.leak())));
        let troubles = Troubles::default();
        let mut config = Config::new(([127, 0, 0, 1], 0).into(), dir.path().join("apps"), dir.path().join("public"));
        config.max_loaded = Some(MAX_LOADED);
        config.load_limit = LOAD_LIMIT;
        config.listener = listener(troubles.clone());
        let swapper = config.swapper.clone();
        let served = Served::start(registry, config).await;
        let lives = Lives::all();
        Box::leak(Box::new(Self { registry, served, tables, swapper, lives, troubles, _dir: dir }))
    }

    /// Has the host go by the other table again and again; how often.
    pub(crate) async fn swap_until(&self, end: Instant) -> u64 {
        let mut n_swaps = 0;
        for table in self.tables.iter().rev().cycle().take_while(|_| Instant::now() < end) {
            self.swapper.swap(*table, Environment::default()).await.expect("the host goes by it");
            n_swaps += 1;
            tokio::time::sleep(BETWEEN_SWAPS).await;
        }
        n_swaps
    }

    pub(crate) fn app(&self, slug: &str) -> AppId {
        self.registry.table().resolve(slug).expect("an app of the host").id()
    }

    /// Waits until all connections are closed: until so many descriptors are open as before there were any.
    pub(crate) async fn wait_for_descriptors(&self, n_before: usize) {
        let until = Instant::now() + PATIENCE;
        while n_descriptors() > n_before {
            assert!(Instant::now() < until, "{} descriptors, but {n_before} before", n_descriptors());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Ends the loads that nobody waits for any more, and has every app go.
    pub(crate) async fn settle(&self) {
        for slug in SLUGS {
            // Some fail, and are to.
            drop(self.registry.load(self.app(slug)).await);
            self.registry.unload(self.app(slug));
        }
    }
}

/// Keeps one trouble of each text: those that are expected come by the thousand.
fn listener(troubles: Troubles) -> Listener {
    Listener::new(move |trouble| {
        let mut troubles = troubles.0.lock().expect("nobody panicked here");
        if !troubles.contains(trouble) {
            troubles.push(trouble.clone());
        }
    })
}

/// The table of a host with the apps, whose folders are made below `dir`; every other app is described by that text.
fn bake(dir: &Path, text: &str) -> Vec<u8> {
    for (idx, slug) in SLUGS.into_iter().enumerate() {
        let mut manifest = format!("slug = {slug:?}\nname = {slug:?}\nentry = \"soak::app\"\n");
        if idx % 2 == 1 {
            writeln!(manifest, "description = {text:?}").expect("text");
        }
        write!(manifest, "[[route]]\npath = \"/{slug}\"\n").expect("text");
        let folder = dir.join("apps").join(slug);
        fs::create_dir_all(&folder).expect("a folder");
        if let Some(n) = slug.strip_prefix("lazy-") {
            write!(manifest, "[[assets]]\nfrom = \"text.txt\"\nto = \"files/{n}.txt\"\nlazy = true\n").expect("text");
            fs::write(folder.join("text.txt"), format!("text of {n}")).expect("a file");
        }
        fs::write(folder.join("app.toml"), manifest).expect("a manifest");
    }
    let manifest = dir.join("apps.manifest.toml");
    fs::write(&manifest, "[host]\nname = \"soak\"\ncore = [\"core-0\", \"core-1\"]\n").expect("a manifest");
    let compilation = compile(&manifest, &Options::default());
    compilation.baked.unwrap_or_else(|| panic!("{:#?}", compilation.diagnostics)).table
}

/// How many descriptors this process has open.
pub(crate) fn n_descriptors() -> usize {
    fs::read_dir("/proc/self/fd").expect("Linux tells").count()
}

/// How much memory this process has in use, in bytes.
pub(crate) fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("the memory in use");
    let number = line.trim().trim_end_matches(" kB").parse::<u64>();
    number.expect("a number") << 10
}
