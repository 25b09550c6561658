//! Who makes a site's assets appear: the link plan, bare calls, and other programs.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::Command;

use bakehouse_runtime::link::{LinkOptions, Place, link, state_dir};

use super::case::{Case, Layout};
use super::peers::{COPY_SCRIPT, CP, CP_LINKS, LNDIR, NODE_CP, Program, RSYNC, STOW, STOW_FILES};
use super::site::{Home, MOUNT};
use crate::Result;
use crate::measure::wall;

/// With what this program is told to run one contender, for strace to watch.
pub const FLAG: &str = "--run-contender";
/// What is said right before and after the work that counts.
pub(super) const MARK: &str = "the work of the contender\n";

/// One of those that compete.
#[derive(Clone, Copy)]
pub(super) struct Contender {
    pub(super) name: &'static str,
    /// Copies are made file by file.
    pub(super) layout: Layout,
    pub(super) how: How,
}

/// How a contender works.
#[derive(Clone, Copy)]
pub(super) enum How {
    /// By the link plan, in this process as in a host's.
    Ours,
    /// By bare calls in this process.
    Bare,
    /// The same, and the folders are there.
    BareInFolders,
    /// By another program.
    Peer(Program),
}

const fn contender(name: &'static str, layout: Layout, how: How) -> Contender {
    Contender { name, layout, how }
}

/// Ours, by layout.
pub(super) const OURS: &str = "Bakehouse";
/// The bare loop that makes the same as ours.
pub(super) const BARE: &str = "bare loop";
/// The copying that links are compared with.
pub(super) const COPYING: &str = "`cp -r`";

/// In the order of the table.
pub(super) static ALL: [Contender; 13] = [
    contender(OURS, Layout::Folded, How::Ours),
    contender(BARE, Layout::Folded, How::Bare),
    contender("`stow`", Layout::Folded, How::Peer(STOW)),
    contender(OURS, Layout::FileByFile, How::Ours),
    contender(BARE, Layout::FileByFile, How::Bare),
    contender("bare loop, folders there", Layout::FileByFile, How::BareInFolders),
    contender("`lndir`", Layout::FileByFile, How::Peer(LNDIR)),
    contender("`cp -rsf`", Layout::FileByFile, How::Peer(CP_LINKS)),
    contender("`stow --no-folding`", Layout::FileByFile, How::Peer(STOW_FILES)),
    contender(COPYING, Layout::FileByFile, How::Peer(CP)),
    contender("`rsync -a`", Layout::FileByFile, How::Peer(RSYNC)),
    contender("Node's `fs.cp`", Layout::FileByFile, How::Peer(NODE_CP)),
    contender("Node script", Layout::FileByFile, How::Peer(COPY_SCRIPT)),
];

impl Contender {
    pub(super) fn peer(&self) -> Option<Program> {
        match self.how {
            How::Peer(program) => Some(program),
            How::Ours | How::Bare | How::BareInFolders => None,
        }
    }

    pub(super) fn is_ours(&self) -> bool {
        matches!(self.how, How::Ours)
    }

    /// Makes in an empty public folder what a contender finds there.
    pub(super) fn prepare(&self, home: &Home, public: &Path) -> Result<()> {
        match self.how {
            How::BareInFolders => home.plan(self.layout, Case::Cold).bare.make_folders(public),
            How::Peer(Program { wants_mount: true, .. }) => Ok(fs::create_dir(public.join(MOUNT))?),
            How::Ours | How::Bare | How::Peer(_) => Ok(()),
        }
    }

    /// Works in this process.
    pub(super) fn run(&self, home: &Home, public: &Path, case: Case) -> Result<()> {
        let bare = &home.plan(self.layout, case).bare;
        match (self.how, case) {
            (How::Ours, _) => self.run_ours(home, public, case),
            (How::Bare, Case::Cold) => bare.make(public),
            (How::BareInFolders, Case::Cold) => bare.make_links(public),
            (How::Bare | How::BareInFolders, Case::Unchanged | Case::OneMore) => bare.look(public),
            (How::Peer(program), _) => Err(format!("{} does not run in this process", program.name).into()),
        }
    }

    fn run_ours(&self, home: &Home, public: &Path, case: Case) -> Result<()> {
        let table = home.plan(self.layout, case).table;
        let plan: Vec<_> = table.links().collect();
        let place = Place { root: &home.dir.join("apps"), public, state: &state_dir(public) };
        let options = LinkOptions::default();
        let report = link(&plan, |app| table.app(app).slug(), table.links_hash(), &place, &options)?;
        let is_as_expected = match case {
            Case::Cold => report.created == report.planned,
            Case::Unchanged => report.unchanged == report.planned,
            Case::OneMore => report.created + report.unchanged == report.planned,
        };
        if is_as_expected && report.is_fine() {
            return Ok(());
        }
        Err(format!("{case}: {} of {} made, {} unchanged", report.created, report.planned, report.unchanged).into())
    }

    /// Works in a process of its own.
    pub(super) fn command(&self, home: &Home, public: &Path, case: Case) -> Result<Command> {
        if let How::Peer(program) = self.how {
            return Ok(program.command(home, public));
        }
        let mut command = Command::new(std::env::current_exe()?);
        command.args([FLAG, self.name]).args([self.layout.to_string(), case.to_string()]);
        command.arg(&home.dir).arg(public);
        Ok(command)
    }
}

/// The child process of a contender that runs in this program: its name, its layout, the case, the site's folder, the
/// public folder. Prints how many seconds it took.
///
/// # Errors
/// If there is no such contender, or it fails.
pub fn run_contender(args: &[String]) -> Result<()> {
    let [name, layout, case, dir, public] = args else { return Err("the contender of a site is not named".into()) };
    let is_named = |it: &&Contender| it.name == name && it.layout.to_string() == *layout;
    let contender = ALL.iter().find(is_named).ok_or_else(|| format!("there is no contender `{name}`, {layout}"))?;
    let is_case = |it: &Case| it.to_string() == *case;
    let case = Case::ALL.into_iter().find(is_case).ok_or_else(|| format!("there is no case `{case}`"))?;
    let home = Home::open(dir.as_ref())?;
    // Formatted, it could be several calls.
    io::stderr().write_all(MARK.as_bytes())?;
    let (done, time) = wall(|| contender.run(&home, public.as_ref(), case));
    io::stderr().write_all(MARK.as_bytes())?;
    done?;
    println!("{time}");
    Ok(())
}
