//! The switches that an operator has: environment variables, read once when a host starts.
//!
//! | variable | values | means |
//! |---|---|---|
//! | `BAKEHOUSE_LOAD` | `lazy`, `eager` | `eager`: every app is loaded at start |
//! | `BAKEHOUSE_LINK` | `auto`, `symlink`, `hardlink`, `copy` | how assets are linked, whatever the manifests say |
//! | | `off` | nothing is linked: the public folder was materialized, and is served as it is |
//! | `BAKEHOUSE_ROOT` | a folder | where the folders of the apps are |
//! | `BAKEHOUSE_APP_<SLUG>` | `on`, `off` | switches an app, whatever its manifest says |
//!
//! `<SLUG>` is the slug in upper case, with `_` for other bytes than letters and digits ([`flag_variable`]). Two slugs
//! that differ in such bytes only share a variable, which switches both; a bake warns of them.
//!
//! A variable that is empty counts as not set. One that is nearly one of these, or nearly `BAKEHOUSE_SELECT` or
//! `BAKEHOUSE_LOG`, which others read, is a mistake that is told; other variables are not looked at.

use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::{env, fmt};

use crate::distance::distance;
use crate::registry::StartOptions;
use crate::table::AppRecord;
use crate::table::LinkMode;
use crate::{AppId, Table, sorted};

const LOAD: &str = "BAKEHOUSE_LOAD";
const LINK: &str = "BAKEHOUSE_LINK";
const ROOT: &str = "BAKEHOUSE_ROOT";
const APP: &str = "BAKEHOUSE_APP_";
/// What every variable begins with.
const PREFIX: &str = "BAKEHOUSE_";
/// The variables that are read elsewhere: where a table is baked, and where a host writes its log.
const OTHERS: [&str; 2] = ["BAKEHOUSE_SELECT", "BAKEHOUSE_LOG"];

const LOAD_VALUES: [(&str, bool); 2] = [("lazy", false), ("eager", true)];
const APP_VALUES: [(&str, bool); 2] = [("on", true), ("off", false)];
const LINK_VALUES: [(&str, Option<LinkMode>); 5] = [
    ("auto", Some(LinkMode::Auto)),
    ("symlink", Some(LinkMode::Symlink)),
    ("hardlink", Some(LinkMode::Hardlink)),
    ("copy", Some(LinkMode::Copy)),
    ("off", None),
];

/// What the environment says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Environment {
    /// Whether every app is loaded at start.
    pub eager: bool,
    /// How assets are linked, whatever the manifests say.
    pub link: Option<LinkMode>,
    /// Whether nothing is linked, because the public folder has everything as files already, as `link::materialize` leaves
    /// it.
    pub link_off: bool,
    /// The folder of the apps.
    pub root: Option<PathBuf>,
    /// The apps that are switched on or off, whatever their manifests say; sorted.
    pub flags: Vec<(AppId, bool)>,
}

impl Environment {
    /// Reads the environment of this process.
    ///
    /// # Errors
    /// If a variable has a value that it can't have, names an app that the table does not have, or has nearly the name of
    /// one that is read; all at once.
    pub fn read(table: Table<'_>) -> Result<Self, EnvironmentError> {
        Self::from_vars(table, env::vars_os())
    }

    /// Reads variables as [`Environment::read`] does.
    ///
    /// # Errors
    /// As [`Environment::read`].
    pub fn from_vars(
        table: Table<'_>,
        vars: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, EnvironmentError> {
        let mut reader = Reader { table, apps: None, environment: Self::default(), problems: Vec::new() };
        for (name, value) in vars {
            if is_ours(&name) && !value.is_empty() {
                // A name that is not UTF-8 is none that is read, but may be near one.
                reader.read(&name.to_string_lossy(), value);
            }
        }
        reader.finish()
    }

    /// Whether an app of the table is on: what its flag says, or else its manifest.
    pub fn is_on(&self, app: AppRecord<'_>) -> bool {
        is_on(&self.flags, app)
    }

    /// What a registry needs of it.
    pub fn start_options(&self) -> StartOptions {
        StartOptions { eager: self.eager, flags: self.flags.clone(), ..StartOptions::default() }
    }
}

/// Whether an app is on, by sorted flags or else by its manifest.
pub(crate) fn is_on(flags: &[(AppId, bool)], app: AppRecord<'_>) -> bool {
    sorted::get(flags, &app.id()).copied().unwrap_or_else(|| app.is_enabled())
}

struct Reader<'t> {
    table: Table<'t>,
    /// The apps with the names of their variables; made when the first such variable is met.
    apps: Option<Vec<(String, AppId)>>,
    environment: Environment,
    /// Sorted: the order of variables is the system's, and a report should not depend on it.
    problems: Vec<String>,
}

impl Reader<'_> {
    fn read(&mut self, name: &str, value: OsString) {
        match name {
            LOAD => self.environment.eager = self.choose(name, &value, &LOAD_VALUES).unwrap_or_default(),
            LINK => {
                let chosen = self.choose(name, &value, &LINK_VALUES);
                self.environment.link = chosen.flatten();
                self.environment.link_off = chosen == Some(None);
            }
            ROOT => self.environment.root = Some(value.into()),
            _ if name.starts_with(APP) => self.read_flag(name, &value),
            _ if OTHERS.contains(&name) => {}
            _ => {
                if let Some(nearest) = self.nearest(name) {
                    self.problem(format!("`{name}` is not known; the nearest is `{nearest}`"));
                }
            }
        }
    }

    fn read_flag(&mut self, name: &str, value: &OsStr) {
        let apps = self.apps();
        let meant: Vec<AppId> = apps.iter().filter(|(known, _)| known == name).map(|(_, app)| *app).collect();
        if meant.is_empty() {
            let nearest = apps.iter().map(|(known, _)| known).min_by_key(|known| (distance(name, known), *known));
            let problem = unknown_app(name, nearest);
            self.problem(problem);
        } else if let Some(is_on) = self.choose(name, value, &APP_VALUES) {
            for app in meant {
                sorted::insert(&mut self.environment.flags, app, is_on);
            }
        }
    }

    /// The apps with the names of their variables; an app may share its variable with another.
    fn apps(&mut self) -> &[(String, AppId)] {
        let table = self.table;
        self.apps.get_or_insert_with(|| table.apps().map(|app| (flag_variable(app.slug()), app.id())).collect())
    }

    /// The variable that is meant by a name that is none.
    fn nearest(&mut self, name: &str) -> Option<String> {
        let upper = name.to_ascii_uppercase();
        let known = [LOAD, LINK, ROOT].into_iter().chain(OTHERS).find(|known| is_near(&upper, known));
        if let Some(known) = known {
            return Some(known.to_owned());
        }
        // The flag of an app, its first word left out or misspelt.
        let rest = upper.get(PREFIX.len()..)?;
        let (word, slug) = rest.split_once('_').unwrap_or((rest, ""));
        let behind_word = is_near(word, "APP").then(|| format!("{APP}{slug}"));
        let meant = [behind_word, Some(format!("{APP}{rest}"))];
        let apps = self.apps();
        meant.into_iter().flatten().find(|meant| apps.iter().any(|(known, _)| known == meant))
    }

    fn choose<T: Copy>(&mut self, name: &str, value: &OsStr, values: &[(&str, T)]) -> Option<T> {
        let chosen = values.iter().find(|(known, _)| value == *known).map(|(_, value)| *value);
        if chosen.is_none() {
            let known = values.iter().map(|(known, _)| format!("`{known}`")).collect::<Vec<_>>().join(", ");
            self.problem(format!("`{name}` must be one of {known}, but was `{}`", value.display()));
        }
        chosen
    }

    fn problem(&mut self, problem: String) {
        let at = self.problems.partition_point(|known| *known <= problem);
        self.problems.insert(at, problem);
    }

    fn finish(self) -> Result<Environment, EnvironmentError> {
        if self.problems.is_empty() { Ok(self.environment) } else { Err(EnvironmentError { problems: self.problems }) }
    }
}

/// The variable that switches the app of a slug.
pub fn flag_variable(slug: &str) -> String {
    let upper = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    APP.chars().chain(slug.chars().map(upper)).collect()
}

fn unknown_app(name: &str, nearest: Option<&String>) -> String {
    match nearest {
        Some(nearest) => format!("`{name}` names no app of this host; the nearest is `{nearest}`"),
        None => format!("`{name}` names no app of this host, which has none"),
    }
}

/// Whether a variable has the prefix of Bakehouse's, in whatever case.
fn is_ours(name: &OsStr) -> bool {
    let prefix = name.as_encoded_bytes().get(..PREFIX.len());
    prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case(PREFIX.as_bytes()))
}

/// Whether one text differs from the other by a slip: a byte too many, too few or wrong, or bytes in the wrong order.
fn is_near(text: &str, known: &str) -> bool {
    let sorted = |text: &str| {
        let mut bytes = text.as_bytes().to_vec();
        bytes.sort_unstable();
        bytes
    };
    distance(text, known) <= 1 || sorted(text) == sorted(known)
}

/// Variables that are wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentError {
    /// One line each, sorted.
    problems: Vec<String>,
}

impl EnvironmentError {
    /// What is wrong, a line for each variable.
    pub fn problems(&self) -> impl ExactSizeIterator<Item = &str> {
        self.problems.iter().map(String::as_str)
    }
}

impl fmt::Display for EnvironmentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problems.join("; "))
    }
}

impl Error for EnvironmentError {}

#[cfg(test)]
mod tests {
    use super::flag_variable;

    #[test]
    fn a_variable_has_the_slug_in_upper_case() {
        assert_eq!(flag_variable("google-calendar"), "BAKEHOUSE_APP_GOOGLE_CALENDAR");
        assert_eq!(flag_variable("cal.com_2"), "BAKEHOUSE_APP_CAL_COM_2");
    }
}
