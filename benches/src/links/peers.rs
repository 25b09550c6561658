//! Other programs that link or copy a tree, each as a user would call it.

use std::path::Path;
use std::process::Command;

use super::site::{Home, MOUNT, SHOWN};

/// A program, and how it is called.
#[derive(Clone, Copy)]
pub(super) struct Program {
    pub(super) name: &'static str,
    /// The Debian package that has it.
    pub(super) package: &'static str,
    /// Adds the arguments with which it makes the site appear in a public folder, and again when something is there.
    pub(super) args: fn(&mut Command, &Home, &Path),
    /// Whether it wants the mount's folder in the public folder, for it would fold that too.
    pub(super) wants_mount: bool,
}

impl Program {
    pub(super) fn is_installed(&self) -> bool {
        // Not all of them know a flag that does nothing.
        Command::new(self.name).arg("--version").output().is_ok()
    }

    pub(super) fn command(&self, home: &Home, public: &Path) -> Command {
        let mut command = Command::new(self.name);
        (self.args)(&mut command, home, public);
        command
    }

    /// The first line of what it says of its version.
    pub(super) fn version(&self) -> Option<String> {
        let output = Command::new(self.name).arg("--version").output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.lines().next().unwrap_or_default().to_owned())
    }
}

const fn program(name: &'static str, package: &'static str, args: fn(&mut Command, &Home, &Path)) -> Program {
    Program { name, package, args, wants_mount: false }
}

pub(super) const CP: Program = program("cp", "coreutils", |command, home, public| {
    command.arg("-r").arg(home.shown().join(".")).arg(public);
});

/// Without `-f`, it fails when a link is there.
pub(super) const CP_LINKS: Program = program("cp", "coreutils", |command, home, public| {
    command.arg("-rsf").arg(home.shown().join(".")).arg(public);
});

/// With the slash at the end that stands for what is in the folder.
pub(super) const RSYNC: Program = program("rsync", "rsync", |command, home, public| {
    command.arg("-a").arg(home.shown().join("")).arg(public);
});

pub(super) const LNDIR: Program = program("lndir", "xutils-dev", |command, home, public| {
    command.arg("-silent").arg(home.shown()).arg(public);
});

pub(super) const STOW: Program = Program { wants_mount: true, ..program("stow", "stow", stow) };

pub(super) const STOW_FILES: Program = program("stow", "stow", |command, home, public| {
    stow(command.arg("--no-folding"), home, public);
});

pub(super) const NODE_CP: Program = program("node", "nodejs", |command, home, public| {
    const SCRIPT: &str = "const [from, to] = process.argv.slice(1); \
        require('node:fs').cp(from, to, { recursive: true }, (error) => { if (error) throw error; })";
    command.args(["-e", SCRIPT]).arg(home.shown()).arg(public);
});

pub(super) const COPY_SCRIPT: Program = program("node", "nodejs", |command, home, public| {
    command.args(["-e", include_str!("copy.js")]).arg(home.dir.join("apps")).arg(public.join(MOUNT));
});

/// The site is one package.
fn stow(command: &mut Command, home: &Home, public: &Path) {
    command.arg("-d").arg(&home.dir).arg("-t").arg(public).arg(SHOWN);
}
