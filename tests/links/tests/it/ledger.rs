//! A ledger that is missing, cut short, of another version or edited: that is said, what stands is taken over, and nothing
//! is taken away because a ledger says so that can't be trusted.

use std::fs;
use std::os::unix::fs::symlink;

use bakehouse_links::{Run, Site, Tree};

use crate::common::{CHANGED, OFFICE, Settled, compare, is_true, office};

/// A linked site, with canaries beside the links.
fn linked() -> Site {
    let site = office();
    site.link(&OFFICE).fine();
    for path in ["outside/canary", "public/canary", "public/shared/icons/canary", "public/a/canary"] {
        site.write(path, "canary");
    }
    site
}

/// Whether a run says that it does not trust the ledger.
fn is_told(run: &Run) -> bool {
    run.stderr.lines().any(|line| line.starts_with("note: the ledger `"))
}

/// Damages the ledger, links and cleans: it is told, everything stands, and what is not Bakehouse's stays.
#[track_caller]
fn check(site: &Site, bytes: &[u8], what: &str) {
    let settled = Settled::of(site);
    fs::write(site.ledger(), bytes).unwrap();
    let run = site.link(&OFFICE);
    assert!(run.code == Some(0) && is_told(&run), "{what}: {run}");
    // Which folders were made is not to be seen any more.
    assert_eq!(site.everything().difference(&settled.everything), "", "{what}: {run}");
    assert_eq!(is_true(site, &OFFICE), Ok(()), "{what}");
}

#[test]
fn it_is_missing() {
    let site = linked();
    let (settled, plan) = (Settled::of(&site), &OFFICE);
    fs::remove_dir_all(site.path(".bakehouse")).unwrap();
    site.link(plan).fine();
    assert_eq!(site.everything().difference(&settled.everything), "");
    assert_eq!(is_true(&site, plan), Ok(()));
}

/// What was linked before and is not wanted any more can't be told from what somebody else linked.
#[test]
fn it_is_missing_and_the_plan_is_another() {
    let site = linked();
    fs::remove_dir_all(site.path(".bakehouse")).unwrap();
    let before = site.tree();
    let run = site.link(&CHANGED);
    assert!(run.code == Some(1) && run.stderr.contains("conflict: "), "{run}");
    assert_eq!(site.tree().difference(&before), "");
}

#[test]
fn it_is_cut_short_at_any_byte() {
    let site = linked();
    let whole = fs::read(site.ledger()).unwrap();
    for end in 0..whole.len() {
        check(&site, &whole[..end], &format!("cut at {end}"));
    }
}

#[test]
fn it_is_altered_at_any_byte() {
    let site = linked();
    let whole = fs::read(site.ledger()).unwrap();
    let begin = whole.iter().position(|&byte| byte == b' ').unwrap() + 1;
    for at in begin..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        check(&site, &bytes, &format!("altered at {at}"));
    }
}

#[test]
fn it_is_of_another_version() {
    let site = linked();
    let text = fs::read_to_string(site.ledger()).unwrap();
    for version in ["0", "99", "1.5", "x"] {
        let (_, rest) = text.split_once('\n').unwrap();
        check(&site, format!("bakehouse-ledger {version}\n{rest}").as_bytes(), version);
    }
    // What a crash may leave where a file's bytes were not written yet.
    check(&site, &[0; 512], "zeros");
    check(&site, b"", "nothing");
}

/// A file that Bakehouse did not write is not replaced either.
#[test]
fn it_is_something_else() {
    let site = linked();
    fs::write(site.ledger(), "my notes").unwrap();
    let before = (site.tree(), fs::read(site.ledger()).unwrap());
    for run in [site.link(&OFFICE), site.clean(&OFFICE)] {
        assert!(run.code == Some(1) && run.is_civil() && run.stderr.contains("public.ledger"), "{run}");
    }
    assert_eq!((site.tree(), fs::read(site.ledger()).unwrap()), before);
}

/// Lines that somebody put into a ledger by hand, each of which would take something away that is not Bakehouse's.
const EDITS: [&str; 9] = [
    "symlink ../outside/link zoom ../apps",
    "symlink /etc/hostname zoom x",
    "symlink shared/../../outside/link zoom x",
    "symlink shared/./icons/mine zoom /mine",
    "symlink shared//icons/mine zoom /mine",
    "folder ../outside",
    "folder .",
    "folder ..",
    "copy ../outside/canary zoom 6 0 young",
];

/// A ledger with `line` in its place, and the hash that the format asks for.
fn edited(ledger: &str, line: &str) -> String {
    let (body, _) = ledger.trim_end().rsplit_once('\n').unwrap();
    let mut lines: Vec<&str> = body.lines().collect();
    let first = lines.iter().position(|line| line.starts_with("folder ")).unwrap();
    lines.push(line);
    let path = |line: &&str| line.split(' ').nth(1).unwrap_or_default().to_owned();
    lines[first..].sort_by_key(path);
    let n = lines.len() - first;
    let body = lines.join("\n") + "\n";
    format!("{body}end {n} {:016x}\n", xxhash_rust::xxh3::xxh3_64(body.as_bytes()))
}

#[test]
fn it_was_edited_by_hand() {
    for line in EDITS {
        for repaired in [false, true] {
            let site = linked();
            symlink("/mine", site.public().join("shared/icons/mine")).unwrap();
            symlink("../apps", site.path("outside/link")).unwrap();
            let before = (Tree::of(&site.path("outside")), site.tree());
            let text = fs::read_to_string(site.ledger()).unwrap();
            let text = edited(&text, line);
            let text = if repaired { text } else { text.replace("\nend ", "\nend 1") };
            fs::write(site.ledger(), text).unwrap();
            let run = Run::of(site.link_command(&OFFICE).arg("--verbose")).fine();
            assert!(is_told(&run), "`{line}`: {run}");
            site.link(&OFFICE).fine();
            assert_eq!(site.tree().difference(&before.1), "", "`{line}`");
            let run = site.clean(&OFFICE).fine();
            assert_eq!(Tree::of(&site.path("outside")).difference(&before.0), "", "`{line}`: {run}");
            for path in ["canary", "shared/icons/canary", "shared/icons/mine", "a/canary"] {
                assert!(fs::symlink_metadata(site.public().join(path)).is_ok(), "`{line}` took `{path}`: {run}");
            }
        }
    }
}

/// A line that claims somebody's file, with a hash that is right: the file is not what the line says, and stays.
#[test]
fn it_claims_what_somebody_else_made() {
    let claims = [
        ("symlink public-file zoom ../apps/zoom/static", "public-file"),
        ("symlink mine zoom ../apps/zoom/static", "mine"),
        ("copy public-file zoom 6 0 young", "public-file"),
        ("hardlink public-file zoom 1 6 0", "public-file"),
        ("folder full", "full"),
    ];
    for (line, path) in claims {
        let site = linked();
        site.write("public/public-file", "theirs");
        site.write("public/full/file", "theirs");
        symlink("/somewhere/else", site.public().join("mine")).unwrap();
        let text = fs::read_to_string(site.ledger()).unwrap();
        for run in [Site::link, Site::clean] {
            fs::write(site.ledger(), edited(&text, line)).unwrap();
            let run = run(&site, &OFFICE).fine();
            assert!(fs::symlink_metadata(site.public().join(path)).is_ok(), "`{line}` took it: {run}");
        }
    }
}

/// A tree that was moved keeps its ledger, and says so.
#[test]
fn the_site_was_moved() {
    let site = office();
    site.link(&OFFICE).fine();
    let settled = Settled::of(&site);
    fs::rename(site.path(""), site.beside("moved")).unwrap();
    fs::rename(site.beside("moved"), site.path("")).unwrap();
    assert_eq!(compare(&site, &settled), Ok(()));
    assert_eq!(is_true(&site, &OFFICE), Ok(()));
    fs::create_dir(site.path("elsewhere")).unwrap();
    for name in ["apps", "public", ".bakehouse"] {
        fs::rename(site.path(name), site.path("elsewhere").join(name)).unwrap();
    }
    let table = format!("../{}", site.table(&OFFICE));
    let mut link = site.command(&["-m", &table, "link", "--root", "apps", "--public", "public", "--format", "json"]);
    let run = Run::of(link.current_dir(site.path("elsewhere"))).fine();
    assert_eq!(run.count("unchanged"), run.count("planned"), "{run}");
    assert!(run.stderr.contains("was written when the public folder was"), "{run}");
}

/// What may stand where the state folder should be.
#[test]
fn its_folder_can_not_be_one() {
    let site = office();
    fs::write(site.path(".bakehouse"), "mine").unwrap();
    let before = site.everything();
    let run = site.link(&OFFICE);
    assert!(run.code == Some(1) && run.is_civil() && run.stderr.contains(".bakehouse"), "{run}");
    assert_eq!(site.everything().without("public").difference(&before), "");
    assert_eq!(site.assets().len(), 0);
}
