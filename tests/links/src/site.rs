//! Folders in which the command is run: apps, public folder and ledger beside one another.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bakehouse_runtime::Table;
use bakehouse_runtime::environment::Environment;
use bakehouse_runtime::link::{LinkOptions, LinkPlan, Place, Report, link};
use tempfile::TempDir;

use crate::plan::write;
use crate::{Plan, Program, Run, Tree};

/// A folder with `apps/` in it, beside which `public/` and `.bakehouse/` appear.
#[derive(Debug)]
pub struct Site {
    program: Program,
    /// The site lies in it, beside what a test keeps for itself.
    dir: PathBuf,
    /// Removes that folder. None for a view of another site.
    _guard: Option<TempDir>,
}

/// The state folder's name.
const STATE: &str = ".bakehouse";

impl Site {
    pub(crate) fn new(program: Program, plans: &[&Plan], dir: TempDir) -> Self {
        let site = Self { program, dir: dir.path().to_owned(), _guard: Some(dir) };
        fs::create_dir_all(site.path("apps")).expect("the folder of the apps");
        for plan in plans {
            plan.sources.iter().for_each(|(path, text)| write(&site.apps().join(path), text));
            fs::write(site.beside(&table_name(plan)), &plan.table).expect("a table can be written");
        }
        site
    }

    /// A path in the site.
    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.join("site").join(path)
    }

    /// A path beside the site, for what belongs to the test.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// The folder of the apps.
    pub fn apps(&self) -> PathBuf {
        self.path("apps")
    }

    /// The public folder.
    pub fn public(&self) -> PathBuf {
        self.path("public")
    }

    /// The ledger's file.
    pub fn ledger(&self) -> PathBuf {
        self.path(STATE).join("public.ledger")
    }

    /// The command in the site, with nothing in its environment: neither the variables that it looks at nor those with
    /// which cargo makes a loader search more folders.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(self.program.0);
        command.current_dir(self.path("")).args(args).env_clear();
        command
    }

    /// Runs the command.
    pub fn run(&self, args: &[&str]) -> Run {
        Run::of(&mut self.command(args))
    }

    /// The command that links `plan`, one of those that the site was made with.
    pub fn link_command(&self, plan: &Plan) -> Command {
        let mut command = self.table_command(plan, "link");
        command.args(["--root", "apps"]);
        command
    }

    /// The command that cleans what `plan` put there.
    pub fn clean_command(&self, plan: &Plan) -> Command {
        self.table_command(plan, "clean")
    }

    /// The path of a plan's table file, from the site.
    pub fn table(&self, plan: &Plan) -> String {
        debug_assert!(self.beside(&table_name(plan)).exists(), "the site was made without this plan");
        format!("../{}", table_name(plan))
    }

    /// A command on the table of `plan`, in JSON.
    fn table_command(&self, plan: &Plan, word: &str) -> Command {
        self.command(&["-m", &self.table(plan), word, "--public", "public", "--format", "json"])
    }

    /// Links `plan`.
    pub fn link(&self, plan: &Plan) -> Run {
        Run::of(&mut self.link_command(plan))
    }

    /// Links `plan` in this process, which takes no start of a program: for what comes before and after the run that a
    /// test is about.
    ///
    /// # Errors
    ///
    /// If not everything is in place then; the text says what is not.
    ///
    /// # Panics
    ///
    /// If the table is none.
    pub fn link_here(&self, plan: &Plan) -> Result<Report, String> {
        let table = Table::parse(&plan.table).expect("a table was baked");
        let environment = Environment::from_vars(table, []).expect("there is nothing in it");
        let links = LinkPlan::new(table, &environment);
        let (root, public, state) = (self.apps(), self.public(), self.path(STATE));
        let place = Place { root: &root, public: &public, state: &state };
        let report = link(&links.links, |app| table.app(app).slug(), links.hash, &place, &LinkOptions::default());
        let report = report.map_err(|error| format!("{error}: {:?}", error.source()))?;
        if report.is_fine() { Ok(report) } else { Err(format!("{report:#?}")) }
    }

    /// Takes away what was linked.
    pub fn clean(&self, plan: &Plan) -> Run {
        Run::of(&mut self.clean_command(plan))
    }

    /// What lies in the public folder.
    pub fn tree(&self) -> Tree {
        Tree::of(&self.public())
    }

    /// What a reader finds in the public folder, with the bytes.
    pub fn assets(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        Tree::as_read(&self.public())
    }

    /// All that lies in the site; of the state folder only the names. Without the stamp, which a run may leave or not:
    /// what it says is for the next run alone.
    pub fn everything(&self) -> Tree {
        Tree::of(&self.path("")).without_bytes_below(STATE).without(".bakehouse/public.stamp")
    }

    /// What the ledger says was made, without what differs from site to site: ids, times and hashes.
    ///
    /// # Panics
    ///
    /// If the ledger is there and no text.
    pub fn made(&self) -> Vec<String> {
        let text = match fs::read_to_string(self.ledger()) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
            Err(error) => panic!("the ledger can't be read: {error}"),
        };
        let kinds = ["folder ", "symlink ", "hardlink ", "copy "];
        let is_kept = |word: &&str| *word != "young" && !word.bytes().all(|byte| byte.is_ascii_digit());
        let kept = |line: &str| line.split(' ').filter(is_kept).collect::<Vec<_>>().join(" ");
        text.lines().filter(|line| kinds.iter().any(|kind| line.starts_with(kind))).map(kept).collect()
    }

    /// Writes a file of the site, and the folders that it lies in.
    pub fn write(&self, path: &str, text: &str) {
        write(&self.path(path), text);
    }

    /// The folder that the site and the test's own files lie in.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The same site where `folder`, in which it lies, is mounted at `at`.
    ///
    /// # Panics
    ///
    /// If the site does not lie in `folder`.
    #[must_use]
    pub fn seen_from(&self, folder: &Path, at: &Path) -> Self {
        let inside = self.dir.strip_prefix(folder).expect("the site lies in the folder");
        Self { program: self.program, dir: at.join(inside), _guard: None }
    }
}

/// The name of a plan's table file, beside the site.
fn table_name(plan: &Plan) -> String {
    let sum = plan.table.iter().fold(0_u64, |sum, &byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    format!("{sum:016x}.table")
}
