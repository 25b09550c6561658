//! What this program is when it is started as a host.

use std::fs;
use std::path::Path;

use bakehouse_host::{Config, Event, serve, terminated};
use bakehouse_runtime::Table;
use bakehouse_runtime::environment::Environment;
use bakehouse_runtime::registry::Registry;
use bakehouse_runtime::table::Aligned;
use tokio::runtime::Runtime;

use crate::Result;

/// With what this program is told to be a host.
pub const FLAG: &str = "--run-host";

/// A table that is baked into this program, and its name.
type Baked = (&'static str, &'static Aligned<[u8]>);

pub(super) static FEW: Baked = ("few", &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/few.table"))));
pub(super) static MANY: Baked = ("many", &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/many.table"))));

/// How it goes about its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Default,
    /// With the switches that roll back to what hosts did before.
    CopyEager,
}

impl Mode {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::CopyEager => "copy+eager",
        }
    }

    fn environment(name: &str, table: Table<'_>) -> Result<Environment> {
        let vars: &[_] =
            if name == Self::Default.name() { &[] } else { &[("BAKEHOUSE_LINK", "copy"), ("BAKEHOUSE_LOAD", "eager")] };
        Ok(Environment::from_vars(table, vars.iter().map(|(name, value)| (name.into(), value.into())))?)
    }
}

/// A host of a table that is baked in (its name, the folder of its folders) or of a table file (the file, the apps' folder, the
/// public folder, the mode). Says when it listens and when it is ready, and serves until it is killed.
///
/// # Errors
/// If it can't start.
pub fn run_host(args: &[String]) -> Result<()> {
    let (table, config) = match args {
        [name, dir] => {
            let (_, bytes) = [FEW, MANY].into_iter().find(|(known, _)| known == name).ok_or("no such table")?;
            (Table::baked(&bytes.0), super::here::config(Path::new(dir)))
        }
        [file, root, public, mode] => {
            let table = Table::parse(fs::read(file)?.leak())?;
            let mut config = Config::new(([127, 0, 0, 1], 0).into(), root, public);
            config.environment = Mode::environment(mode, table)?;
            (table, config)
        }
        _ => return Err("a host wants a table and folders".into()),
    };
    let registry = Box::leak(Box::new(Registry::new(table, &[], &[])));
    let tell = |event| match event {
        Event::Listening { addr, .. } => println!("listening {addr}"),
        Event::Ready { .. } => println!("ready"),
        _ => {}
    };
    Ok(Runtime::new()?.block_on(serve(registry, config, tell, terminated))?)
}
