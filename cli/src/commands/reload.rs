//! Reads the host manifest or the table file again while a host serves, whenever the process is told to by SIGHUP.
//!
//! What is wrong with it is told, and the host goes on by the table that it has.

use std::path::PathBuf;
use std::sync::Arc;

use bakehouse_host::Swapper;
use bakehouse_runtime::Table;
use bakehouse_runtime::environment::Environment;

use crate::args::Folders;
use crate::failure::{Failure, Trouble};
use crate::output::text::say;
use crate::target::{self, Places};

/// What is needed to read again.
pub(super) struct Reload {
    /// What `-m` names.
    manifest: Option<PathBuf>,
    folders: Folders,
    /// Where the host began; that can't change while it serves.
    places: Places,
    swapper: Swapper,
}

impl Reload {
    pub(super) fn new(manifest: Option<PathBuf>, folders: Folders, places: Places, swapper: Swapper) -> Arc<Self> {
        Arc::new(Self { manifest, folders, places, swapper })
    }

    /// Reads again for each SIGHUP; where there are none, never.
    pub(super) async fn whenever_told(self: Arc<Self>) {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let Ok(mut hangups) = signal(SignalKind::hangup()) else {
                say("warning: the system does not let this process listen for SIGHUP");
                return;
            };
            while hangups.recv().await.is_some() {
                if let Err(failure) = Arc::clone(&self).reload().await {
                    failure.tell();
                    say("the host goes on by the table that it has");
                }
            }
        }
    }

    #[cfg(unix)]
    async fn reload(self: Arc<Self>) -> Result<(), Failure> {
        let own = Arc::clone(&self);
        let (table, environment) = tokio::task::spawn_blocking(move || own.read())
            .await
            .map_err(|error| Trouble::new("failed to read the table again").because(&error).problem())??;
        // What came of it is told by the host, as an event.
        self.swapper.swap(table, environment).await.map(drop).map_err(|error| Trouble::error(&error).problem())
    }

    #[cfg(unix)]
    fn read(&self) -> Result<(Table<'static>, Environment), Failure> {
        let Some(path) = &self.manifest else {
            let help = "start it with `-m`, and the path of the host manifest or of a table file";
            return Err(Trouble::new("the table of this host is in its binary").help(help).problem());
        };
        let target = target::open_again(path)?;
        let environment = target.environment()?;
        let places = target.places(&self.folders, &environment)?;
        if places == self.places {
            return Ok((target.table, environment));
        }
        let help = "start the host again";
        Err(Trouble::new("the folder of the apps or the public folder is another one now").help(help).problem())
    }
}
