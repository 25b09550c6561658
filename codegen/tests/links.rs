//! The link plan: what becomes one link for a whole folder, and what a link for each file.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bakehouse_codegen::plan::Link;
use bakehouse_codegen::{Options, compile};
use tempfile::TempDir;

/// An app: its slug, its asset sets as TOML, and its files.
type App<'a> = (&'a str, &'a str, &'a [&'a str]);

/// A host: what its case is called, its `[assets]`, its apps, and the links that are planned.
type Case<'a> = (&'a str, &'a str, &'a [App<'a>], &'a [&'a str]);

const STATIC: &str = "[[assets]]\nfrom = \"static\"";
const TO_X: &str = "[[assets]]\nfrom = \"static\"\nto = \"x\"";

const CASES: &[Case<'_>] = &[
    (
        "a folder that nothing else wants into is one link",
        "",
        &[("zoom", STATIC, &["static/a", "static/b/c"])],
        &["app-assets/zoom -> zoom/static {a, b/c}"],
    ),
    (
        "a place of several parts is made of folders, of which the last is the link",
        "",
        &[("zoom", "[[assets]]\nfrom = \"static\"\nto = \"a/b/c\"", &["static/d"])],
        &["a/b/c -> zoom/static {d}"],
    ),
    (
        "a source of several parts",
        "",
        &[("zoom", "[[assets]]\nfrom = \"web/img\"\nto = \"x\"", &["web/img/a", "web/b"])],
        &["x -> zoom/web/img {a}"],
    ),
    (
        "without `fold`, each file is a link",
        "fold = false",
        &[("zoom", TO_X, &["static/a", "static/b/c"])],
        &["x/a -> zoom/static/a", "x/b/c -> zoom/static/b/c"],
    ),
    (
        "a second app wants in: each file is a link, and folders of one app still fold",
        "",
        &[("jitsi", TO_X, &["static/a", "static/b/c"]), ("zoom", TO_X, &["static/d", "static/e/f"])],
        &["x/a -> jitsi/static/a", "x/b -> jitsi/static/b {c}", "x/d -> zoom/static/d", "x/e -> zoom/static/e {f}"],
    ),
    (
        "both want into one folder within: that is not folded either",
        "",
        &[("jitsi", TO_X, &["static/b/c", "static/b/d/e"]), ("zoom", TO_X, &["static/b/f"])],
        &["x/b/c -> jitsi/static/b/c", "x/b/d -> jitsi/static/b/d {e}", "x/b/f -> zoom/static/b/f"],
    ),
    (
        "two sets of one app are two",
        "",
        &[("zoom", "[[assets]]\nfrom = \"a\"\nto = \"x\"\n[[assets]]\nfrom = \"b\"\nto = \"x\"", &["a/1", "b/2"])],
        &["x/1 -> zoom/a/1", "x/2 -> zoom/b/2"],
    ),
    (
        "a set that lies in the place of another",
        "",
        &[("jitsi", TO_X, &["static/a"]), ("zoom", "[[assets]]\nfrom = \"static\"\nto = \"x/y\"", &["static/b"])],
        &["x/a -> jitsi/static/a", "x/y -> zoom/static {b}"],
    ),
    (
        "a dotfile keeps the folder that holds it and those above from being folded, not those beside and below",
        "",
        &[("zoom", TO_X, &["static/a", "static/b/.c", "static/b/d", "static/b/e/f", "static/g/h"])],
        &[
            "x/a -> zoom/static/a",
            "x/b/d -> zoom/static/b/d",
            "x/b/e -> zoom/static/b/e {f}",
            "x/g -> zoom/static/g {h}",
        ],
    ),
    (
        "so does a folder whose name begins with a dot",
        "",
        &[("zoom", TO_X, &["static/a", "static/.git/b"])],
        &["x/a -> zoom/static/a"],
    ),
    (
        "a dotfile in a folder whose name another's begins with",
        "",
        &[("zoom", TO_X, &["static/b/.c", "static/b/d", "static/bc/e"])],
        &["x/b/d -> zoom/static/b/d", "x/bc -> zoom/static/bc {e}"],
    ),
    (
        "a critical file makes its folder's link critical, and no other",
        "",
        &[(
            "zoom",
            "[[assets]]\nfrom = \"static\"\nto = \"x\"\ncritical = [\"b/c\"]",
            &["static/.d", "static/a", "static/b/c", "static/b/e", "static/f/g"],
        )],
        &["x/a -> zoom/static/a", "x/b -> zoom/static/b {c, e} critical", "x/f -> zoom/static/f {g}"],
    ),
    (
        "mode and laziness are the set's, and the host's mode is for those that have none",
        "mode = \"hardlink\"",
        &[(
            "zoom",
            "[[assets]]\nfrom = \"a\"\nlazy = true\n[[assets]]\nfrom = \"b\"\nto = \"b\"\nmode = \"copy\"",
            &["a/1", "b/2"],
        )],
        &["app-assets/zoom -> zoom/a {1} Hardlink lazy", "b -> zoom/b {2} Copy"],
    ),
    (
        "a single file keeps its name below the mount, and has the whole name that `to` gives it",
        "",
        &[(
            "zoom",
            "[[assets]]\nfrom = \"a/b.svg\"\n[[assets]]\nfrom = \"a/b.svg\"\nto = \"x/c.svg\"",
            &["a/b.svg", "a/d"],
        )],
        &["app-assets/zoom/b.svg -> zoom/a/b.svg", "x/c.svg -> zoom/a/b.svg"],
    ),
    (
        "names that sort around the slash: `a-b` comes between `a` and `a/c` by bytes, and wants nothing in `a`",
        "",
        &[
            ("one", "[[assets]]\nfrom = \"static\"\nto = \"x/a\"", &["static/c", "static/d"]),
            ("two", "[[assets]]\nfrom = \"static\"\nto = \"x/a-b\"", &["static/e"]),
            ("three", "[[assets]]\nfrom = \"static\"\nto = \"x/a/z\"", &["static/f"]),
        ],
        &["x/a/c -> one/static/c", "x/a/d -> one/static/d", "x/a/z -> three/static {f}", "x/a-b -> two/static {e}"],
    ),
    (
        "the same within one set",
        "",
        &[("zoom", TO_X, &["static/a/b", "static/a-b", "static/a.b", "static/a/c"])],
        &["x -> zoom/static {a/b, a/c, a-b, a.b}"],
    ),
    (
        "a set with `$name` has a place for each name",
        "",
        &[("zoom", "[[assets]]\nfrom = \"static\"\nto = \"x/$name/y\"\n", &["static/a"])],
        &["x/video/y -> zoom/static {a}", "x/zoom/y -> zoom/static {a}"],
    ),
    ("a folder that holds no asset gives no link", "", &[("zoom", TO_X, &["static/.keep"])], &[]),
];

fn plant(case: &Case<'_>) -> TempDir {
    let (_, assets, apps, _) = case;
    let host = tempfile::tempdir().expect("a temporary folder can be made");
    write(host.path(), "apps.manifest.toml", &format!("[host]\nname = \"store\"\n[assets]\n{assets}\n"));
    for (slug, sets, files) in *apps {
        let aliases = if sets.contains("$name") { "aliases = [\"video\"]\n" } else { "" };
        write(host.path(), &format!("apps/{slug}/app.toml"), &format!("slug = \"{slug}\"\n{aliases}{sets}\n"));
        for file in *files {
            write(host.path(), &format!("apps/{slug}/{file}"), "");
        }
    }
    host
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}

fn links(host: &Path) -> Vec<Link> {
    let compilation = compile(&host.join("apps.manifest.toml"), &Options::default());
    compilation.baked.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics)).plan.links
}

fn line(link: &Link) -> String {
    let (public, source) = (link.public.escape_ascii(), link.source.escape_ascii());
    let files = link.files.as_ref().map_or_else(String::new, |files| {
        let files: Vec<_> = files.iter().map(|file| file.escape_ascii().to_string()).collect();
        format!(" {{{}}}", files.join(", "))
    });
    let mode = if link.mode == bakehouse_manifest::Mode::Auto { String::new() } else { format!(" {:?}", link.mode) };
    let critical = if link.critical { " critical" } else { "" };
    let lazy = if link.lazy { " lazy" } else { "" };
    format!("{public} -> {source}{files}{mode}{critical}{lazy}")
}

#[test]
fn cases() {
    for case in CASES {
        let host = plant(case);
        let links = links(host.path());
        assert_eq!(links.iter().map(line).collect::<Vec<_>>(), case.3, "{}", case.0);
        assert_shows_nothing_else(host.path(), &links);
    }
}

/// What must hold of every plan: no link lies in the place of another, and behind a folder's link are its files alone.
fn assert_shows_nothing_else(host: &Path, links: &[Link]) {
    let places: BTreeSet<&[u8]> = links.iter().map(|link| link.public.as_slice()).collect();
    assert_eq!(places.len(), links.len());
    for link in links {
        let above = |at: &usize| link.public.get(*at) == Some(&b'/') && places.contains(&link.public[..*at]);
        assert_eq!((0..link.public.len()).find(above), None, "{}", line(link));
        let source = String::from_utf8(link.source.clone()).expect("the cases have names in UTF-8");
        let Some(files) = &link.files else {
            assert!(host.join("apps").join(source).is_file(), "{}", line(link));
            continue;
        };
        let mut found = BTreeSet::new();
        files_below(&host.join("apps").join(source), "", &mut found);
        let planned = files.iter().map(|file| String::from_utf8_lossy(file).into_owned());
        assert_eq!(planned.collect::<BTreeSet<_>>(), found, "{}", line(link));
    }
}

fn files_below(folder: &Path, below: &str, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder.join(below)).expect("a folder can be read") {
        let name = entry.expect("an entry can be read").file_name().into_string().expect("a name in UTF-8");
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if folder.join(&path).is_dir() {
            files_below(folder, &path, found);
        } else {
            found.insert(path);
        }
    }
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    use super::{STATIC, TO_X, fs, line, links, plant};

    #[test]
    fn names_that_are_not_utf8() {
        let host = plant(&("", "", &[("zoom", STATIC, &["static/a", "static/b/c"])], &[]));
        let folder = host.path().join("apps/zoom/static").join(OsStr::from_bytes(b"caf\xe9"));
        fs::create_dir(&folder).expect("a folder can be made");
        fs::write(folder.join(OsStr::from_bytes(b"\xff")), "").expect("a file can be written");
        fs::write(folder.join(".d"), "").expect("a file can be written");
        let lines: Vec<_> = links(host.path()).iter().map(line).collect();
        let expected = [
            r"app-assets/zoom/a -> zoom/static/a",
            r"app-assets/zoom/b -> zoom/static/b {c}",
            r"app-assets/zoom/caf\xe9/\xff -> zoom/static/caf\xe9/\xff",
        ];
        assert_eq!(lines, expected);
    }

    /// A link in the source would be published with the folder, and may lead elsewhere tomorrow.
    #[test]
    fn a_folder_that_holds_a_link_is_not_folded() {
        let host = plant(&("", "", &[("zoom", TO_X, &["static/a/b", "static/c/d", "e"])], &[]));
        symlink("../../e", host.path().join("apps/zoom/static/a/link")).expect("a link can be made");
        let lines: Vec<_> = links(host.path()).iter().map(line).collect();
        assert_eq!(lines, ["x/a/b -> zoom/static/a/b", "x/a/link -> zoom/e", "x/c -> zoom/static/c {d}"]);
    }
}
