//! Names and places of every kind: odd bytes, long names, targets around the length that fits into an inode, public
//! folders that are links or are written oddly, sources that lead in circles.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use bakehouse_links::{App, Asset, Plan, Run, Site, Tree};

use crate::common::Settled;
use crate::common::{BAKEHOUSE, CAL, OFFICE, compare, is_true, office};

/// Names that text tools trip over.
fn odd_names() -> Vec<Vec<u8>> {
    let mut names: Vec<Vec<u8>> = [
        " ",
        "a b",
        "-rf",
        "--help",
        "new\nline",
        "tab\t",
        "quote'\"",
        "back\\slash",
        "100%",
        "%41",
        "$slug",
        "{x}",
        "*",
        "?",
        "#",
        "~",
        "ümlaut",
        "日本",
        "con",
        "nul.txt",
        "a:b",
        "trailing.",
        "\u{202e}txt",
        "\u{7f}",
        "0",
    ]
    .iter()
    .map(|name| name.as_bytes().to_vec())
    .collect();
    names.extend([vec![0xff], b"latin-\xe9".to_vec(), vec![b'x'; 255], [vec![b'y'; 251], b".svg".to_vec()].concat()]);
    names
}

/// An app's files by those names, each beside another app's, so that they are linked one by one; and in a folder that is
/// linked whole, and one that is copied.
fn odd_plan() -> Plan {
    const ODD: App = App {
        slug: "odd",
        assets: &[
            Asset::auto("icons", "shared/icons"),
            Asset::auto("whole", "whole"),
            Asset::auto("copies", "copies").by("copy"),
            Asset::auto("hard", "hard").by("hardlink"),
        ],
        files: &[],
    };
    let paths = |folder: &str| {
        let folder = Path::new("odd").join(folder);
        odd_names().into_iter().map(move |name| (folder.join(OsStr::from_bytes(&name)), "odd")).collect::<Vec<_>>()
    };
    let more = ["icons", "whole", "copies", "hard"].map(paths).concat();
    BAKEHOUSE.bake_with(&[CAL, ODD], &more)
}

#[test]
fn odd_names_are_linked_found_again_and_cleaned() {
    let plan = odd_plan();
    let site = BAKEHOUSE.site(&[&plan]);
    site.link(&plan).fine();
    for folder in ["shared/icons", "whole", "copies", "hard"] {
        for name in odd_names() {
            let path = site.public().join(folder).join(OsStr::from_bytes(&name));
            assert_eq!(fs::read(&path).ok().as_deref(), Some(b"odd".as_slice()), "{}", path.display());
        }
    }
    assert_eq!(is_true(&site, &plan), Ok(()));
    site.clean(&plan).fine();
    assert_eq!(site.tree(), Tree::default());
}

/// A name that is in the way is shown so that a terminal is not led astray and a line stays a line.
#[test]
fn odd_names_are_told_in_one_line() {
    let plan = odd_plan();
    for name in [b"new\nline".as_slice(), b"tab\t", b"\x7f", b"latin-\xe9"] {
        let site = BAKEHOUSE.site(&[&plan]);
        fs::create_dir_all(site.public().join("shared/icons")).unwrap();
        fs::write(site.public().join("shared/icons").join(OsStr::from_bytes(name)), "mine").unwrap();
        let run = site.link(&plan);
        assert_eq!((run.code, run.count("conflicts")), (Some(1), 1), "{run}");
        let line = run.stderr.lines().find(|line| line.starts_with("conflict: ")).unwrap();
        assert!(line.contains(": a file") && line.ends_with(" is in the way"), "{run}");
        assert!(!line.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER), "{run}");
    }
}

/// On ext4 a target of 59 bytes lies in the inode, one of 60 takes a block.
#[test]
fn targets_of_58_to_61_bytes_are_what_they_should_be() {
    for length in 58..=61 {
        let stem = "../apps/long/".len();
        let name = "n".repeat(length - stem);
        let text = format!("slug = \"long\"\nname = \"long\"\n[[assets]]\nfrom = {name:?}\nto = \"asset\"\n");
        let host = tempfile::tempdir().unwrap();
        fs::create_dir_all(host.path().join("apps/long")).unwrap();
        fs::write(host.path().join("apps.manifest.toml"), "[host]\nname = \"site\"\nroot = \"apps\"\n").unwrap();
        fs::write(host.path().join("apps/long/app.toml"), text).unwrap();
        fs::write(host.path().join("apps/long").join(&name), "long").unwrap();
        for _ in 0..2 {
            let mut link = std::process::Command::new(BAKEHOUSE.0);
            Run::of(link.args(["link", "--public", "public"]).current_dir(host.path())).fine();
            let target = fs::read_link(host.path().join("public/asset")).unwrap();
            assert_eq!((target.as_os_str().len(), target), (length, PathBuf::from(format!("../apps/long/{name}"))));
            assert_eq!(fs::read_to_string(host.path().join("public/asset")).unwrap(), "long");
        }
    }
}

fn link_to(site: &Site, public: &str) -> Run {
    let mut command = site.command(&["-m", &site.table(&OFFICE), "link", "--root", "apps", "--format", "json"]);
    Run::of(command.args(["--public", public]))
}

/// However the public folder is written, it is the same folder with the same ledger.
#[test]
fn a_public_folder_may_be_written_oddly() {
    let absolute = |site: &Site| site.public().display().to_string();
    let forms = ["public/", "public//", "public/.", "./public", "other/../public", "public/../public"];
    for form in forms.into_iter().map(str::to_owned).chain([absolute(&office())]) {
        let site = office();
        let form = if form.starts_with('/') { absolute(&site) } else { form };
        fs::create_dir(site.path("other")).unwrap();
        fs::create_dir(site.public()).unwrap();
        site.link(&OFFICE).fine();
        let settled = Settled::of(&site);
        let run = link_to(&site, &form).fine();
        assert_eq!(run.count("unchanged"), run.count("planned"), "`{form}` is another folder: {run}");
        assert_eq!(compare(&site, &settled), Ok(()), "`{form}`: {run}");
    }
}

#[test]
fn a_public_folder_may_be_a_link() {
    let site = office();
    site.write("elsewhere/public/mine", "mine");
    symlink("elsewhere/public/", site.public()).unwrap();
    let before = Tree::of(&site.path("elsewhere"));
    site.link(&OFFICE).fine();
    assert_eq!(is_true(&site, &OFFICE), Ok(()));
    assert_eq!(fs::read_link(site.public()).unwrap(), Path::new("elsewhere/public/"));
    assert_eq!(fs::read_to_string(site.path("elsewhere/public/app-assets/zoom/icon.svg")).unwrap(), "zoom icon");
    site.clean(&OFFICE).fine();
    assert_eq!(Tree::of(&site.path("elsewhere")).difference(&before), "");
    assert!(site.public().is_symlink());
}

#[test]
fn a_public_folder_that_can_not_be_one_is_told() {
    for target in ["", "/etc/hostname", "nowhere/at/all", "public"] {
        let (site, what) = (office(), format!("a link to `{target}`"));
        match target {
            "" => fs::write(site.public(), "mine").unwrap(),
            _ => symlink(target, site.public()).unwrap(),
        }
        let before = site.everything();
        let run = site.link(&OFFICE);
        assert!(run.code != Some(0) && run.is_civil(), "{what}: {run}");
        assert!(run.stderr.contains("public"), "{what}: {run}");
        assert_eq!(site.everything().difference(&before), "", "{what}: {run}");
    }
}

/// A source that leads in a circle, or out, is nothing that may be linked; that it does so is told.
#[test]
fn a_circle_among_the_sources_is_told() {
    let puts: [fn(&Site); 3] = [
        |site| {
            fs::remove_file(site.path("apps/cal/icons/cal.svg")).unwrap();
            symlink("cal.svg", site.path("apps/cal/icons/cal.svg")).unwrap();
        },
        |site| {
            fs::remove_dir_all(site.path("apps/cal/icons")).unwrap();
            symlink("icons", site.path("apps/cal/icons")).unwrap();
        },
        |site| {
            fs::remove_dir_all(site.path("apps/cal/icons")).unwrap();
            symlink("../..", site.path("apps/cal/icons")).unwrap();
        },
    ];
    for put in puts {
        let site = office();
        put(&site);
        let run = site.link(&OFFICE);
        assert_eq!((run.code, run.count("failed")), (Some(1), 1), "{run}");
        assert!(run.stderr.contains("failed: `shared/icons/cal.svg`"), "{run}");
        assert!(fs::symlink_metadata(site.public().join("shared/icons/cal.svg")).is_err(), "{run}");
        assert_eq!(fs::read_to_string(site.public().join("shared/icons/mail.svg")).unwrap(), "mail");
    }
}
