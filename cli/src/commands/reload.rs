//! Reads the host manifest or the table file again while a host serves, whenever the process is told to by SIGHUP.
//!
//! What is wrong with it is told, and the host goes on by the table that it has.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use bakehouse_host::Swapper;
use bakehouse_runtime::Table;
use bakehouse_runtime::environment::Environment;

use crate::Store;
use crate::args::Folders;
use crate::failure::{Failure, Trouble};
use crate::output::text::say;
use crate::target::{self, Places};

/// What is needed to read again.
pub(super) struct Reload {
    /// What `-m` names.
    pub(super) manifest: Option<PathBuf>,
    /// What is baked into this binary.
    pub(super) store: Option<Store>,
    pub(super) folders: Folders,
    /// Where the host began; that can't change while it serves.
    pub(super) places: Places,
    pub(super) swapper: Swapper,
}

impl Reload {
    /// Reads again for each SIGHUP; where there are none, never.
    pub(super) async fn whenever_told(self: Arc<Self>) {
        let mut hangups = match Hangups::listen() {
            Ok(hangups) => hangups,
            Err(error) => return say(format_args!("warning: SIGHUP will end this process: {error}")),
        };
        loop {
            hangups.next().await;
            if let Err(failure) = Arc::clone(&self).reload().await {
                failure.tell();
                say("the host goes on by the table that it has");
            }
        }
    }

    async fn reload(self: Arc<Self>) -> Result<(), Failure> {
        let own = Arc::clone(&self);
        let (table, environment) = tokio::task::spawn_blocking(move || own.read())
            .await
            .map_err(|error| Trouble::new("failed to read the table again").because(&error).problem())??;
        // What came of it is told by the host, as an event.
        self.swapper.swap(table, environment).await.map(drop).map_err(|error| Trouble::error(&error).problem())
    }

    fn read(&self) -> Result<(Table<'static>, Environment), Failure> {
        let Some(path) = &self.manifest else {
            let help = "start it with `-m`, and the path of the host manifest or of a table file";
            return Err(Trouble::new("the table of this host is in its binary").help(help).problem());
        };
        let target = target::open_again(path, self.store)?;
        let environment = target.environment()?;
        let places = target.places(&self.folders, &environment)?;
        if places == self.places {
            return Ok((target.table, environment));
        }
        let help = "start the host again";
        Err(Trouble::new("the folder of the apps or the public folder is another one now").help(help).problem())
    }
}

/// The signals that tell a host to read again.
#[cfg(unix)]
struct Hangups(tokio::signal::unix::Signal);

#[cfg(unix)]
impl Hangups {
    fn listen() -> io::Result<Self> {
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).map(Self)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}

/// There are none.
#[cfg(not(unix))]
struct Hangups;

#[cfg(not(unix))]
impl Hangups {
    fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        std::future::pending().await
    }
}
