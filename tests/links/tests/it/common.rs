//! The apps and plans that most tests use.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use bakehouse_links::{App, Asset, Node, Plan, Program, Site, Tree, is_unfinished};

/// The command under test.
pub(crate) const BAKEHOUSE: Program = Program(env!("CARGO_BIN_EXE_links-command"));

/// A folder that is linked whole, unless `PACK` wants into it.
pub(crate) const ZOOM: App = App {
    slug: "zoom",
    assets: &[Asset::auto("static", "app-assets/zoom")],
    files: &[("static/icon.svg", "zoom icon"), ("static/img/1.png", "one"), ("static/img/2.png", "two")],
};

/// Wants into the folder of `ZOOM`.
pub(crate) const PACK: App = App {
    slug: "pack",
    assets: &[Asset::auto("static", "app-assets/zoom/img")],
    files: &[("static/extra.png", "extra")],
};

/// A single file, which is a folder in `MEET_AS_FOLDER`.
pub(crate) const MEET: App =
    App { slug: "meet", assets: &[Asset::auto("logo.svg", "logos/meet")], files: &[("logo.svg", "meet logo")] };

/// `MEET` with a folder where its file was.
pub(crate) const MEET_AS_FOLDER: App =
    App { slug: "meet", assets: &[Asset::auto("logos", "logos/meet")], files: &[("logos/dark.svg", "dark")] };

/// Two apps that share a folder, file by file.
pub(crate) const CAL: App =
    App { slug: "cal", assets: &[Asset::auto("icons", "shared/icons")], files: &[("icons/cal.svg", "cal")] };

/// The other one.
pub(crate) const MAIL: App =
    App { slug: "mail", assets: &[Asset::auto("icons", "shared/icons")], files: &[("icons/mail.svg", "mail")] };

/// A folder far down.
pub(crate) const DEEP: App =
    App { slug: "deep", assets: &[Asset::auto("static", "a/b/c")], files: &[("static/deep.css", "deep")] };

/// Copies and hard links.
pub(crate) const REAL: App = App {
    slug: "real",
    assets: &[Asset::auto("copies", "real/copies").by("copy"), Asset::auto("hard", "real/hard").by("hardlink")],
    files: &[("copies/a.txt", "copied a"), ("copies/b.txt", "copied b"), ("hard/h.txt", "hard")],
};

/// Six apps: folded, file by file, nested, copied.
pub(crate) static OFFICE: LazyLock<Plan> = LazyLock::new(|| BAKEHOUSE.bake(&[ZOOM, MEET, CAL, MAIL, DEEP, REAL]));

/// The same after a change: one app more, which unfolds another's folder; one less; a file that is a folder now.
pub(crate) static CHANGED: LazyLock<Plan> =
    LazyLock::new(|| BAKEHOUSE.bake(&[ZOOM, PACK, MEET_AS_FOLDER, CAL, DEEP, REAL]));

/// A site for both plans, with nothing linked yet.
pub(crate) fn office() -> Site {
    BAKEHOUSE.site(&[&OFFICE, &CHANGED])
}

/// Compares `site` with how another was: all that lies there, and what the ledger says. An error says what differs.
pub(crate) fn compare(site: &Site, expected: &Settled) -> Result<(), String> {
    let difference = site.everything().difference(&expected.everything);
    if !difference.is_empty() {
        return Err(format!("the site differs:\n{difference}"));
    }
    let (made, expected) = (site.made(), &expected.made);
    if made == *expected { Ok(()) } else { Err(format!("the ledger says {made:#?}, not {expected:#?}")) }
}

/// Whether the ledger is true: a run that trusts it finds nothing to do, and nothing to say. An error is that run.
pub(crate) fn is_true(site: &Site, plan: &Plan) -> Result<(), String> {
    let again = site.link_here(plan)?;
    let is_unchanged = again.unchanged == again.planned && again.removed == 0;
    let has_nothing_to_say = again.notes.is_empty() && again.kept.is_empty();
    if is_unchanged && has_nothing_to_say { Ok(()) } else { Err(format!("the ledger is not true: {again:#?}")) }
}

/// Asserts that nothing of what was tried did harm; shows the first of the problems.
#[track_caller]
pub(crate) fn assert_harmless(what: &str, n: usize, problems: &[String]) {
    let shown: Vec<&str> = problems.iter().take(12).map(String::as_str).collect();
    assert!(problems.is_empty(), "{what}: {} of {n} did harm, such as\n{}", problems.len(), shown.join("\n\n"));
}

/// How a site is after a run that nothing disturbed.
#[derive(Debug)]
pub(crate) struct Settled {
    /// All that lies there.
    pub(crate) everything: Tree,
    /// What the ledger says.
    pub(crate) made: Vec<String>,
}

impl Settled {
    /// How `site` is now.
    pub(crate) fn of(site: &Site) -> Self {
        Self { everything: site.everything(), made: site.made() }
    }
}

/// What a public folder holds, for people who look into it and for readers.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) tree: Tree,
    pub(crate) assets: BTreeMap<PathBuf, Vec<u8>>,
}

impl State {
    /// How the public folder of `site` is now.
    pub(crate) fn of(site: &Site) -> Self {
        Self { tree: site.tree(), assets: site.assets() }
    }

    /// Something that is neither as in `old` nor as in `new`: an asset of both that is not there, a path that none has,
    /// a link that leads elsewhere. A copy may stand in for a link. What a run had not finished does not count.
    pub(crate) fn third_state(&self, old: &Self, new: &Self) -> Option<String> {
        let is_kept = |path: &PathBuf, bytes: &Vec<u8>| new.assets.get(path) == Some(bytes);
        let mut kept = old.assets.iter().filter(|(path, bytes)| is_kept(path, bytes));
        if let Some((path, _)) = kept.find(|(path, bytes)| self.assets.get(*path) != Some(bytes)) {
            return Some(format!("`{}`, an asset of before and after, is not there", path.display()));
        }
        let is_third =
            |(path, node): &(&PathBuf, &Node)| !is_unfinished(path) && !old.has(path, node) && !new.has(path, node);
        let third = self.tree.0.iter().find(is_third);
        third.map(|(path, node)| format!("`{}` is {node}, as neither before nor after", path.display()))
    }

    /// Whether this has `node` at `path`, or something that reads the same.
    fn has(&self, path: &PathBuf, node: &Node) -> bool {
        match node {
            Node::File(_, bytes) => self.assets.get(path) == Some(bytes),
            Node::Folder(_) => self.assets.keys().any(|asset| asset.starts_with(path)),
            Node::Link(_) | Node::Other => self.tree.0.get(path) == Some(node),
        }
    }
}
