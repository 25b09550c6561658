//! Records how the apps of a host are used, run by run, in the file that `--profile` names: a minute apart, and at the end.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bakehouse_manifest::profile::Profile;
use bakehouse_runtime::registry::Observer;
use bakehouse_sdk::Registry;
use tokio::time::sleep;

use super::tally::{EARLY, Tally};
use crate::failure::{Failure, Trouble};
use crate::output::file::write_whole;
use crate::output::text::say;

/// How far the file may be behind.
const PERIOD: Duration = Duration::from_secs(60);

/// The recorder of one run.
pub(super) struct Recorder {
    path: PathBuf,
    registry: &'static Registry,
    /// What the runs before recorded.
    before: Profile,
    began: Instant,
    tally: Mutex<Tally>,
}

impl Recorder {
    /// Goes on with the profile in a file, or begins one.
    ///
    /// # Errors
    /// If there is something else in the file, or it can't be read or made. What runs before recorded is not lost.
    pub(super) fn open(path: &Path, registry: &'static Registry) -> Result<Arc<Self>, Failure> {
        let before = match fs::read_to_string(path) {
            Ok(text) => Profile::parse(&text).map_err(|error| {
                let help = "name another file, or delete this one";
                Trouble::new(format!("`{}` is no profile", path.display())).because(&error).help(help).problem()
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => begin(path)?,
            Err(error) => return Err(trouble("read", path, &error).problem()),
        };
        let (began, tally) = (Instant::now(), Mutex::default());
        Ok(Arc::new(Self { path: path.to_owned(), registry, before, began, tally }))
    }

    /// What the registry tells of each load.
    pub(super) fn observer(self: &Arc<Self>) -> Observer {
        let own = Arc::clone(self);
        Observer::new(move |app, why| {
            own.tally().begin(app.slug(), why, own.began.elapsed());
            let own = Arc::clone(&own);
            Box::new(move |outcome| {
                if let Ok(took) = outcome {
                    own.tally().loaded(app.slug(), why, took);
                }
            })
        })
    }

    /// The host is ready; what was asked for until now was for its start.
    pub(super) fn ready(&self) {
        self.each_app(Tally::ready);
    }

    /// Looks at what is asked for when the time for early needs is over, and then writes the file a minute apart.
    pub(super) async fn keep(self: Arc<Self>) {
        sleep(EARLY.saturating_sub(self.began.elapsed())).await;
        self.look(EARLY);
        let mut is_told = false;
        loop {
            sleep(PERIOD).await;
            let own = Arc::clone(&self);
            let written = tokio::task::spawn_blocking(move || own.write()).await;
            // Once is enough: the next minute may do better, and the end tells for itself.
            if let Ok(Err(error)) = written
                && !std::mem::replace(&mut is_told, true)
            {
                self.complain(&error);
            }
        }
    }

    /// Writes the file, and says what went wrong.
    pub(super) fn finish(&self) {
        if let Err(error) = self.write() {
            self.complain(&error);
        }
    }

    fn complain(&self, error: &io::Error) {
        say(format_args!("warning: failed to write `{}`: {error}", self.path.display()));
    }

    fn write(&self) -> io::Result<()> {
        self.look(self.began.elapsed());
        let mut profile = self.before.clone();
        profile.add(self.tally().profile());
        write_whole(&self.path, profile.to_json().as_bytes())
    }

    /// Counts what was asked for since the last look, at the latest at this time since the start.
    fn look(&self, at: Duration) {
        self.each_app(|tally, app, hits| tally.asked(app, hits, at));
    }

    fn each_app(&self, mut tell: impl FnMut(&mut Tally, &'static str, u64)) {
        let Some(edition) = self.registry.edition() else { return };
        let mut tally = self.tally();
        for app in edition.metrics() {
            tell(&mut tally, edition.table().app(app.app).slug(), app.hits);
        }
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A profile of no run, so that a file which can't be written is told at once.
fn begin(path: &Path) -> Result<Profile, Failure> {
    let profile = Profile::default();
    write_whole(path, profile.to_json().as_bytes()).map_err(|error| trouble("write", path, &error).problem())?;
    Ok(profile)
}

fn trouble(what: &str, path: &Path, error: &io::Error) -> Trouble {
    let help = "name a file with `--profile` that this user may read and write";
    Trouble::new(format!("failed to {what} `{}`", path.display())).because(error).help(help)
}
