//! The least host: a table as generated code takes it in, and one use of all that the runtime does.

use bakehouse_runtime::__private3::{Aligned, Table};
use bakehouse_runtime::Method;
use bakehouse_runtime::find::Found;
use bakehouse_runtime::registry::{Constructor, Registry, Slot, StartOptions};

static BYTES: &Aligned<[u8]> = &Aligned(*include_bytes!(env!("BENCH_TABLE")));
const TABLE: Table<'static> = Table::baked(&BYTES.0);

type App = dyn Fn(&str) -> usize + Send + Sync;

static CONSTRUCTORS: [Constructor<App, ()>; 1] = [Constructor {
    slug: "app",
    entry: "app::app",
    construct: |()| Box::pin(async { Ok(Box::new(|path: &str| path.len()) as Box<App>) }),
}];
static SLOTS: [Slot<App>; 1] = [Slot::new()];
static REGISTRY: Registry<App, ()> = Registry::new(TABLE, &CONSTRUCTORS, &SLOTS);

/// Links the assets; left out of a host that only finds and loads.
#[cfg(linker)]
fn link_assets() -> Result<(), Box<dyn std::error::Error>> {
    use bakehouse_runtime::link::{LinkOptions, Place, link, state_dir};

    let [root, public] = ["root", "public"].map(|name| std::env::var(name).unwrap_or_default());
    let public = std::path::Path::new(&public);
    let place = Place { root: root.as_ref(), public, state: &state_dir(public) };
    let plan: Vec<_> = TABLE.links().collect();
    let report = link(&plan, |app| TABLE.app(app).slug(), TABLE.links_hash(), &place, &LinkOptions::default())?;
    println!("{} of {}", report.created, report.planned);
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    #[cfg(linker)]
    link_assets()?;
    let path = std::env::var("path").unwrap_or_default();
    REGISTRY.start(|_| (), StartOptions::default())?;
    if let Found::Match(found) = TABLE.find(Method::GET, path.as_bytes()) {
        let params = found.params().count();
        let app = REGISTRY.load_blocking(found.app().id())?;
        println!("{params} {}", app(&path));
    }
    Ok(())
}
