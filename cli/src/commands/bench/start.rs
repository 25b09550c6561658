//! A host in a process of its own, from the start of the process to its first answer and until it is ready.

mod serving;

use std::path::{Path, PathBuf};

use bakehouse_runtime::Method;
use bakehouse_runtime::Table;
use bakehouse_runtime::environment::Environment;

use self::serving::{Program, Times};
use super::book::{Book, Contender};
use super::find::sample;
use super::interrupt::Interrupt;
use super::yard::{Site, Yard};
use crate::failure::{Failure, Trouble};

/// What this binary has of the host that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    /// The very table.
    Table,
    /// The code of apps, of which the table may name others.
    Code,
    /// No code at all.
    NoCode,
}

/// What is started, and where.
pub(super) struct Starts {
    /// None where this binary lacks the apps' code.
    program: Option<Program>,
    sites: [(Contender, Site); 2],
    has_code: bool,
}

impl Starts {
    /// `path` is what is asked for first, `binary` what this binary brings along for the table.
    pub(super) fn new(
        path: Option<&str>,
        (table, binary): (Table<'static>, Binary),
        environment: &Environment,
        root: &Path,
        yard: &Yard,
        book: &mut Book,
    ) -> Result<Self, Failure> {
        let has_code = table.with_code().len() > 0;
        let sites = [(Contender::Default, yard.site("default")), (Contender::CopyEager, yard.site("copy-eager"))];
        let program = if has_code && binary == Binary::NoCode {
            book.note("load and start: left out, since the apps' code is in the host's own binary; call `bench` there");
            None
        } else {
            let path = path.map_or_else(|| default_path(table, environment), ToOwned::to_owned);
            let table = if binary == Binary::Table { None } else { Some(table_file(table, yard)?) };
            Some(Program::new(table, root, path, yard)?)
        };
        if !has_code {
            book.note("load: left out, since no app has code");
        }
        Ok(Self { program, sites, has_code })
    }

    pub(super) fn measure(&self, interrupt: &Interrupt, book: &mut Book) -> Result<(), Failure> {
        let Some(program) = &self.program else { return Ok(()) };
        for (contender, site) in &self.sites {
            site.clear()?;
            let cold = program.start(*contender, site, interrupt)?;
            let warm = program.start(*contender, site, interrupt)?;
            if self.has_code {
                book.add("load, until ready", *contender, warm.load);
            }
            for (times, names) in [(cold, COLD), (warm, WARM)] {
                let Times { answer, ready, .. } = times;
                let [to_answer, to_ready] = names;
                book.add(to_answer, *contender, answer);
                book.add(to_ready, *contender, ready);
            }
        }
        Ok(())
    }
}

const COLD: [&str; 2] = ["start to first answer, empty public folder", "start until ready, empty public folder"];
const WARM: [&str; 2] = ["start to first answer, nothing changed", "start until ready, nothing changed"];

/// A table as a file, so that a start does not bake.
fn table_file(table: Table<'static>, yard: &Yard) -> Result<PathBuf, Failure> {
    yard.write("table", table.as_bytes())
}

/// The path of the first route that people can go to; the host's own page where there is none.
fn default_path(table: Table<'static>, environment: &Environment) -> String {
    let mut routes = table.routes().filter(|route| environment.is_on(route.app()));
    let route = routes.find(|route| route.methods().contains(Method::GET));
    route.map_or_else(|| "/".to_owned(), |route| sample(route.pattern()))
}

/// Where the host could not be asked what it was to be asked.
fn unanswered(path: &str, why: &str) -> Failure {
    let help = "name a path that is served with `--path`; `routes` lists the patterns";
    Trouble::new(format!("`{path}` {why}")).help(help).problem()
}
