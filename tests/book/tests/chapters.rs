//! The commands of the book, run in the order of each chapter, in a folder of its own.
//!
//! A block of TOML or of shell whose first line is `# path` is written to that file, each other block of shell is run, and
//! what it prints is compared with the block of text behind it, but for times.

#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A block between fences: what kind, its lines, and the number of the first.
struct Block<'b> {
    kind: &'b str,
    lines: Vec<&'b str>,
    at: usize,
}

/// The blocks of a chapter, in order.
fn blocks(chapter: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut is_open = false;
    for (idx, line) in chapter.lines().enumerate() {
        match (line.strip_prefix("```"), is_open) {
            (Some(_), true) => is_open = false,
            (Some(kind), false) => {
                is_open = true;
                blocks.push(Block { kind, lines: Vec::new(), at: idx + 2 });
            }
            (None, true) => blocks.last_mut().expect("a block is open").lines.push(line),
            (None, false) => {}
        }
    }
    blocks
}

/// The text with `T` for each time: a number before a unit.
fn without_times(text: &str) -> String {
    let is_number = |word: &str| word.parse::<f64>().is_ok();
    let without_times = |line: &str| {
        let mut words: Vec<&str> = line.split(' ').collect();
        for idx in 1..words.len() {
            if matches!(words[idx], "ns" | "us" | "ms" | "s") && is_number(words[idx - 1]) {
                (words[idx - 1], words[idx]) = ("T", "");
            }
        }
        words.join(" ").trim_end().to_owned()
    };
    text.trim_end().lines().map(without_times).collect::<Vec<_>>().join("\n")
}

/// A folder for a chapter, and a folder in which the command is called as in the book.
struct Reader {
    dir: TempDir,
    bin: TempDir,
}

impl Reader {
    fn new() -> Self {
        let bin = TempDir::new().expect("a folder");
        let command = env!("CARGO_BIN_EXE_bakehouse-book");
        std::os::unix::fs::symlink(command, bin.path().join("bakehouse")).expect("a link");
        Self { dir: TempDir::new().expect("a folder"), bin }
    }

    fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Runs a script; what it printed.
    fn run(&self, script: &str, place: &str) -> String {
        let path = format!("{}:{}", self.bin.path().display(), std::env::var("PATH").unwrap_or_default());
        let script = format!("exec 2>&1\n{script}");
        let output = Command::new("sh").args(["-eu", "-c", &script]).current_dir(self.dir()).env("PATH", path).output();
        let output = output.expect("there is a shell");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{place}: {}\n{printed}", output.status);
        printed
    }

    fn write(&self, path: &str, lines: &[&str]) {
        let path = self.dir().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, lines.join("\n") + "\n").expect("a file");
    }

    /// Does what a chapter says.
    fn follow(&self, name: &str) {
        let chapter = fs::read_to_string(book().join(name)).expect("a chapter");
        let mut printed: Option<String> = None;
        for Block { kind, lines, at } in blocks(&chapter) {
            let place = format!("{name}:{at}");
            match kind {
                "toml" => {
                    let path = lines.first().and_then(|line| line.strip_prefix("# "));
                    let path = path.unwrap_or_else(|| panic!("{place}: no path in the first line"));
                    self.write(path, &lines);
                }
                "sh" => printed = Some(self.run(&lines.join("\n"), &place)),
                "text" => {
                    let printed = printed.take().unwrap_or_else(|| panic!("{place}: nothing was run before it"));
                    assert_eq!(without_times(&printed), without_times(&lines.join("\n")), "{place}");
                }
                _ => {}
            }
        }
    }
}

fn book() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// But for what has cargo build a host: that the scaffold builds and passes its tests is tried with the command `new`.
#[test]
fn quick_start() {
    let reader = Reader::new();
    let chapter = fs::read_to_string(book().join("quick-start.md")).expect("a chapter");
    let command = |line: &str| (line.starts_with("bakehouse") || line.starts_with("cd ")).then(|| line.to_owned());
    let scripts = blocks(&chapter).into_iter().filter(|block| block.kind == "sh");
    let script: Vec<String> = scripts.flat_map(|block| block.lines.into_iter().filter_map(command)).collect();
    let script =
        script.join("\n") + "\nbakehouse check\ncat apps/parcels/app.toml build.rs src/main.rs apps/parcels/src/lib.rs";
    let printed = reader.run(&script, "quick-start.md");
    assert!(printed.contains("2 apps checked: nothing is wrong"), "{printed}");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().concat();
    let written = words(&printed);
    for Block { kind, lines, at } in blocks(&chapter).into_iter().filter(|block| block.kind != "sh") {
        for line in lines.iter().filter(|line| !line.starts_with(['#', '/']) && !line.is_empty()) {
            assert!(
                written.contains(&words(line)),
                "quick-start.md:{at}: a block of {kind} has `{line}`, the scaffold has not"
            );
        }
    }
}

/// The manifests that the README shows for a Rust host. Its Rust is what the scaffold writes.
#[test]
fn the_manifests_of_the_readme() {
    let reader = Reader::new();
    let readme = fs::read_to_string(book().join("../README.md")).expect("a README");
    let (of_a_rust_host, _) = readme.split_once("## With folders that have never seen Rust").expect("that chapter");
    let manifests = blocks(of_a_rust_host).into_iter().filter(|block| block.kind == "toml");
    let paths = manifests.map(|block| {
        let path = block.lines.first().and_then(|line| line.strip_prefix("# ")).expect("a path in the first line");
        reader.write(path, &block.lines);
        path.to_owned()
    });
    assert_eq!(paths.collect::<Vec<_>>(), ["apps.manifest.toml", "apps/zoom/app.toml"]);
    reader.write("apps/zoom/static/icon.svg", &["<svg xmlns=\"http://www.w3.org/2000/svg\"/>"]);
    assert_eq!(reader.run("bakehouse check", "README.md"), "1 app checked: nothing is wrong\n");
}

#[test]
fn from_a_copy_script() {
    Reader::new().follow("from-copy-script.md");
}

#[test]
fn from_lazily_required_modules() {
    Reader::new().follow("from-lazy-modules.md");
}

#[test]
fn shipping() {
    Reader::new().follow("shipping.md");
}

#[test]
fn troubleshooting() {
    let reader = Reader::new();
    reader.write("apps.manifest.toml", &["[host]", "name = \"host\""]);
    fs::create_dir(reader.dir().join("apps")).expect("a folder");
    reader.follow("troubleshooting.md");
}

#[test]
fn from_calcom() {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora/calcom/materialize");
    if !tool.exists() {
        assert!(std::env::var_os("CI").is_none(), "CI runs with the corpora, but there is no {}", tool.display());
        println!("skipped: there is no {}", tool.display());
        return;
    }
    let reader = Reader::new();
    let output = Command::new(tool).arg(reader.dir()).output().expect("the corpus' tool runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    reader.follow("from-calcom.md");
}

/// Each chapter is in the summary, and each link of a chapter leads to a file.
#[test]
fn the_book_is_whole() {
    let summary = fs::read_to_string(book().join("SUMMARY.md")).expect("a summary");
    let files = fs::read_dir(book()).expect("the book").map(|file| file.expect("a file").path());
    for path in files.filter(|path| path.extension().is_some_and(|extension| extension == "md")) {
        let chapter = path.file_name().and_then(|name| name.to_str()).expect("a name in UTF-8").to_owned();
        let is_listed = chapter == "SUMMARY.md" || summary.contains(&format!("]({chapter})"));
        assert!(is_listed, "`{chapter}` is not in the summary");
        let text = fs::read_to_string(book().join(&chapter)).expect("a chapter");
        for target in links(&text) {
            assert!(book().join(target).exists(), "`{chapter}` links to `{target}`, which is not there");
        }
    }
}

/// The files that a chapter links to.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    targets.filter(|target| !target.contains("://")).map(|target| target.split('#').next().unwrap_or_default())
}
