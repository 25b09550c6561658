//! Cases whose files git would not keep as they are: links, other encodings and line ends, names, and a very large one.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use bakehouse_codegen::{Depth, Options};
use tempfile::TempDir;

use super::{assert_snapshot, report};

/// The cases of this module.
pub(crate) const NAMES: [&str; 17] = [
    "built-bom-and-crlf",
    "built-case-clash-folders",
    "built-deep-nesting",
    "built-enormous",
    "built-equal-assets",
    "built-host-is-folder",
    "built-host-missing",
    "built-host-not-utf8",
    "built-linked-app",
    "built-links",
    "built-manifest-is-folder",
    "built-not-utf8",
    "built-odd-files",
    "built-odd-manifests",
    "built-reserved-name",
    "built-route-limit",
    "built-route-limit-overlap",
];

const HOST: &str = "[host]\nname = \"store\"\n";

fn write(folder: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
    fs::write(path, bytes).expect("a file can be written");
}

fn host(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (path, bytes) in files {
        write(folder.path(), path, bytes);
    }
    folder
}

fn check(case: &str, folder: &Path) {
    assert!(NAMES.contains(&case));
    assert_snapshot(case, &report(folder, &Options::default()));
}

#[test]
fn a_byte_order_mark_and_carriage_returns_move_no_place() {
    let app = "\u{feff}slgu = \"zoom\"\r\nname = \"Zoöm\"  # 会\r\n\r\n[[route]]\r\npath = \"/會/{id\"\r\n";
    let host = host(&[("apps.manifest.toml", HOST.as_bytes()), ("apps/zoom/app.toml", app.as_bytes())]);
    check("built-bom-and-crlf", host.path());
}

#[test]
fn a_host_manifest_that_is_a_folder() {
    let host = host(&[("apps.manifest.toml/x", b""), ("apps/zoom/app.toml", b"slug = 7")]);
    check("built-host-is-folder", host.path());
}

#[test]
fn a_host_manifest_that_is_not_there() {
    check("built-host-missing", host(&[]).path());
}

#[test]
fn a_host_manifest_that_is_not_utf8() {
    let host = host(&[("apps.manifest.toml", b"[host]\nname = \"st\xf6re\"\nroot = \"integrations\"\n")]);
    check("built-host-not-utf8", host.path());
}

#[test]
fn manifests_that_are_not_utf8() {
    let host = host(&[
        ("apps.manifest.toml", b"[host]\ncore = [\"jitsi\"]\n"),
        ("apps/jitsi/app.toml", b"# J\xedtsi\nslug = \"jitsi\"\n"),
        (
            "apps/zoom/app.toml",
            "\u{feff}slug = \"zoom\"\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>().as_slice(),
        ),
    ]);
    check("built-not-utf8", host.path());
}

#[test]
fn manifests_that_are_folders() {
    let host = host(&[("apps.manifest.toml", b"[host]\ncore = [\"zoom\"]\n"), ("apps/zoom/app.toml/x", b"")]);
    check("built-manifest-is-folder", host.path());
}

/// Patterns that differ in nothing that a node of the index can test, of two apps in turn.
#[test]
fn too_many_routes_to_look_at_for_one_path() {
    let mut apps = ["odd", "even"].map(|slug| format!("slug = \"{slug}\"\n"));
    for i in 0..1 << 16 {
        let _ = write!(apps[i % 2], "[[route]]\npath = \"/{{from}}-x{i}-{{to}}\"\nyields = true\n");
    }
    let host = host(&[
        ("apps.manifest.toml", HOST.as_bytes()),
        ("apps/odd/app.toml", apps[0].as_bytes()),
        ("apps/even/app.toml", apps[1].as_bytes()),
    ]);
    check("built-route-limit", host.path());
}

/// A file without end is told of by its size; nobody waits until it is parsed.
#[test]
fn manifests_that_are_enormous() {
    let host = host(&[("apps.manifest.toml", HOST.as_bytes()), ("apps/zoom/app.toml", b"slug = \"zoom\"\n")]);
    let file = fs::File::options().append(true).open(host.path().join("apps/zoom/app.toml")).expect("a file");
    file.set_len((16 << 20) + 1).expect("a file without blocks can be made");
    check("built-enormous", host.path());
}

/// Brackets and dotted keys as deep as a file can have them: an error, shown in part, and no overflow of the stack.
#[test]
fn manifests_that_are_nested_deep() {
    let lists = format!("slug = \"lists\"\n[metadata]\na = {}", "[".repeat(100_000));
    let keys = format!("slug = \"keys\"\n[metadata]\n{}a = 1\n", "a.".repeat(100_000));
    let tables = format!("slug = \"tables\"\n[metadata]\na = {}", "{ a = ".repeat(100_000));
    let host = host(&[
        ("apps.manifest.toml", HOST.as_bytes()),
        ("apps/keys/app.toml", keys.as_bytes()),
        ("apps/lists/app.toml", lists.as_bytes()),
        ("apps/tables/app.toml", tables.as_bytes()),
    ]);
    check("built-deep-nesting", host.path());
}

#[test]
fn assets_that_are_equal() {
    let zoom = "slug = \"zoom\"\n[[assets]]\nfrom = \"static\"\n";
    let jitsi = "slug = \"jitsi\"\n[[assets]]\nfrom = \"static\"\n";
    let (film, other, small) = (vec![1; 40_000], vec![2; 40_000], vec![3; 30_000]);
    let host = host(&[
        ("apps.manifest.toml", HOST.as_bytes()),
        ("apps/jitsi/app.toml", jitsi.as_bytes()),
        ("apps/jitsi/static/film.bin", &film),
        ("apps/jitsi/static/small.bin", &small),
        ("apps/zoom/app.toml", zoom.as_bytes()),
        ("apps/zoom/static/copy.bin", &film),
        ("apps/zoom/static/film.bin", &film),
        ("apps/zoom/static/other.bin", &other),
        ("apps/zoom/static/small.bin", &small),
    ]);
    let options = Options { depth: Depth::AllBytes, ..Options::default() };
    assert_snapshot("built-equal-assets", &report(host.path(), &options));
    assert_eq!(report(host.path(), &Options::default()), "baked: 2 apps\n");
}

/// The longest have as many steps in the table as any pattern can.
#[test]
fn a_pattern_of_more_bytes_than_a_table_holds() {
    let report_of = |pattern: &str| {
        let app = format!("slug = \"zoom\"\n[[route]]\npath = \"{pattern}\"\n");
        let host = host(&[("apps.manifest.toml", HOST.as_bytes()), ("apps/zoom/app.toml", app.as_bytes())]);
        report(host.path(), &Options::default())
    };
    let longest = ["/".to_owned() + &"x".repeat(15_999), format!("/{}{{a}}", "{{".repeat(7_998))];
    for pattern in longest {
        assert!(report_of(&pattern).ends_with("baked: 1 apps\n"));
        let report = report_of(&format!("{pattern}xxx"));
        let message =
            format!("error[invalid-pattern]: pattern has {} bytes, but 16000 is the most\n", pattern.len() + 3);
        assert!(report.starts_with(&message), "{report:.200}");
        assert!(report.contains("help: let params such as `{id}`, or a catch-all, take the place of text\n"));
    }
}

/// Patterns of segments that are `a` or a param, in every combination, by turns of two apps.
#[test]
fn too_many_patterns_that_nearly_overlap() {
    let mut apps = ["odd", "even"].map(|slug| format!("slug = \"{slug}\"\n"));
    for i in 0..1 << 13 {
        let segments = (0..13).map(|bit| if i >> bit & 1 == 0 { "/a".to_owned() } else { format!("/{{p{bit}}}") });
        let _ = write!(apps[i % 2], "[[route]]\npath = \"{}/x{i}\"\n", segments.collect::<String>());
    }
    let host = host(&[
        ("apps.manifest.toml", HOST.as_bytes()),
        ("apps/odd/app.toml", apps[0].as_bytes()),
        ("apps/even/app.toml", apps[1].as_bytes()),
    ]);
    check("built-route-limit-overlap", host.path());
}

/// A hundred patterns of one app that each lose paths to a hundred of another, and a hundred apps that lose some too.
#[test]
fn a_flood_of_overlaps_is_told_in_part() {
    let routes = |path: &dyn Fn(usize) -> String| {
        (0..100).fold(String::new(), |all, i| all + &format!("[[route]]\npath = \"{}\"\n", path(i)))
    };
    let winner = format!("slug = \"a\"\n{}", routes(&|i| format!("/y{i}/{{b}}")));
    let loser = format!("slug = \"b\"\n{}", routes(&|i| format!("/{{a}}/x{i}")));
    let host = host(&[
        ("apps.manifest.toml", HOST.as_bytes()),
        ("apps/a/app.toml", winner.as_bytes()),
        ("apps/b/app.toml", loser.as_bytes()),
    ]);
    for i in 0..100 {
        let app = format!("slug = \"c{i:02}\"\n[[route]]\npath = \"/{{a}}/z{i}\"\n");
        write(host.path(), &format!("apps/c{i:02}/app.toml"), app);
    }
    let report = report(host.path(), &Options::default());
    let told = |what: &str| report.matches(what).count();
    assert_eq!(told("error[route-overlap]"), 32, "{report}");
    assert_eq!(told("takes paths from `/{a}/x"), 8, "{report}");
    assert_eq!(told("and so do 31 more patterns at least\n"), 32, "{report}");
    assert_eq!(told("; 92 more patterns of these two apps are in the same case\n"), 1, "{report}");
    assert_eq!(told("; 76 more patterns of other apps are told once these are settled\n"), 1, "{report}");
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::{HOST, check, fs, host};

    /// Sets that are links, and sets that hold links: inside, outside, to folders, to nothing.
    #[test]
    fn links_that_lead_in_and_out() {
        let app = "slug = \"zoom\"\n\
            [[assets]]\nfrom = \"static\"\ncritical = [\"out.svg\", \"in.svg\"]\n\
            [[assets]]\nfrom = \"linked\"\nto = \"a\"\n\
            [[assets]]\nfrom = \"linked/icon.svg\"\nto = \"b\"\n\
            [[assets]]\nfrom = \"outside\"\nto = \"c\"\n\
            [[assets]]\nfrom = \"dangling.svg\"\nto = \"d\"\n\
            [[assets]]\nfrom = \"icon.svg\"\nto = \"e\"\n";
        let host = host(&[
            ("apps.manifest.toml", HOST.as_bytes()),
            ("apps/zoom/app.toml", app.as_bytes()),
            ("apps/zoom/static/icon.svg", b"<svg/>"),
            ("apps/zoom/more/logo.svg", b"<svg/>"),
            ("secret/key", b"key"),
        ]);
        let zoom = host.path().join("apps/zoom");
        let links = [
            ("../more/logo.svg", "static/in.svg"),
            ("../../../secret/key", "static/out.svg"),
            ("../more", "static/folder"),
            ("nowhere", "static/nowhere.svg"),
            ("static", "linked"),
            ("../../secret", "outside"),
            ("nowhere", "dangling.svg"),
            ("static/icon.svg", "icon.svg"),
        ];
        for (target, link) in links {
            symlink(target, zoom.join(link)).expect("a link can be made");
        }
        check("built-links", host.path());
    }

    /// A pipe, which nobody writes to, a socket, links in a circle and to nothing; and one to a manifest, which is one.
    #[test]
    fn manifests_that_are_no_files() {
        let host = host(&[("apps.manifest.toml", HOST.as_bytes()), ("good.toml", b"slug = \"good\"\n")]);
        let manifest = |app: &str| {
            let folder = host.path().join("apps").join(app);
            fs::create_dir_all(&folder).expect("a folder can be made");
            folder.join("app.toml")
        };
        let made = Command::new("mkfifo").arg(manifest("pipe")).status().expect("`mkfifo` runs");
        assert!(made.success());
        let _socket = UnixListener::bind(manifest("socket")).expect("a socket can be made");
        for (app, target) in [("circle", "app.toml"), ("nothing", "none.toml"), ("good", "../../good.toml")] {
            symlink(target, manifest(app)).expect("a link can be made");
        }
        check("built-odd-manifests", host.path());
    }

    #[test]
    fn folders_that_differ_in_case() {
        let host = host(&[
            ("apps.manifest.toml", HOST.as_bytes()),
            ("apps/zoom/app.toml", b"slug = \"zoom\"\n"),
            ("apps/Zoom/app.toml", b"slug = \"other\"\n"),
        ]);
        check("built-case-clash-folders", host.path());
    }

    #[test]
    fn names_that_windows_keeps() {
        let set = "[[assets]]\nfrom = \"static\"\n";
        let nul = format!("slug = \"nul\"\n{set}");
        let zoom = format!("slug = \"zoom\"\n{set}[[assets]]\nfrom = \"con.svg\"\nto = \"icons/zoom.svg\"\n");
        let host = host(&[
            ("apps.manifest.toml", HOST.as_bytes()),
            ("apps/nul/app.toml", nul.as_bytes()),
            ("apps/nul/static/a.svg", b"<svg/>"),
            ("apps/zoom/app.toml", zoom.as_bytes()),
            ("apps/zoom/con.svg", b"<svg/>"),
            ("apps/zoom/static/AUX.svg", b"<svg/>"),
            ("apps/zoom/static/more/what?.svg", b"<svg/>"),
        ]);
        check("built-reserved-name", host.path());
    }

    #[test]
    fn an_app_folder_that_is_a_link() {
        let host = host(&[
            ("apps.manifest.toml", b"[host]\ncore = [\"zoom\"]\n"),
            ("elsewhere/zoom/app.toml", b"slug = \"zoom\"\n"),
            ("apps/jitsi/app.toml", b"slug = \"jitsi\"\n"),
        ]);
        symlink("../elsewhere/zoom", host.path().join("apps/zoom")).expect("a link can be made");
        check("built-linked-app", host.path());
    }

    #[test]
    fn sockets_and_names_that_are_not_utf8() {
        let app = "slug = \"zoom\"\n[[assets]]\nfrom = \"static\"\n[[assets]]\nfrom = \"socket\"\nto = \"s\"\n";
        let host = host(&[
            ("apps.manifest.toml", HOST.as_bytes()),
            ("apps/zoom/app.toml", app.as_bytes()),
            ("apps/zoom/static/icon.svg", b"<svg/>"),
        ]);
        let apps = host.path().join("apps");
        fs::create_dir(apps.join(OsStr::from_bytes(b"caf\xe9"))).expect("a folder can be made");
        fs::write(apps.join("zoom/static").join(OsStr::from_bytes(b"caf\xe9.svg")), "<svg/>").expect("a file");
        let _sockets = ["zoom/socket", "zoom/static/socket"].map(|path| UnixListener::bind(apps.join(path)));
        check("built-odd-files", host.path());
    }
}
