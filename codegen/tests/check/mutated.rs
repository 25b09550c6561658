//! Every case once more with each line of each manifest taken out, and cut off in its middle: whatever is said of that, is
//! said as it should be, and nothing panics. And many mistakes at once are all told.

use std::fs;
use std::path::{Path, PathBuf};

use bakehouse_codegen::{Options, compile};

use super::{entries, folder, report};

/// Each mistake is told once, and none hides another: twenty manifests, each wrong in its own way.
#[test]
fn twenty_mistakes_in_twenty_files() {
    let mistakes = [
        ("slug = \"a\"\nnmae = \"A\"\n", "unknown-key"),
        ("slug = \"b\"\nenabled = \"yes\"\n", "wrong-type"),
        ("slug = \"c\"\nname = C\n", "syntax"),
        ("slug = \"d\"\nname = \"D\"\nname = \"D\"\n", "duplicate-key"),
        ("slug = \"e\"\n[[route]]\nmethods = [\"GET\"]\n", "missing-key"),
        ("slug = \"f\"\n[webhook]\n", "reserved-key"),
        ("slug = \"g\"\n[[assets]]\nfrom = \"static\"\n", "missing-asset"),
        ("slug = \"h\"\n[[assets]]\nfrom = \"app.toml\"\nmode = \"link\"\n", "unknown-value"),
        ("slug = \"i\"\n[[assets]]\nfrom = \"../h\"\n", "invalid-path"),
        ("slug = \"J\"\n", "invalid-slug"),
        ("slug = \"k\"\naliases = [\"k k\"]\n", "invalid-alias"),
        ("slug = \"l\"\nentry = \"app\"\n", "invalid-entry"),
        ("slug = \"m\"\nrequires = [\"nobody\"]\n", "unknown-app"),
        ("slug = \"n\"\nrequires = [\"n\"]\n", "requires-circle"),
        ("slug = \"o\"\naliases = [\"n\"]\n", "name-taken"),
        ("slug = \"p\"\n[[route]]\npath = \"/{p\"\n", "invalid-pattern"),
        ("slug = \"q\"\n[[route]]\npath = \"/q\"\nmethods = [\"FETCH\", \"GET\"]\n", "unknown-method"),
        ("slug = \"r\"\n[[route]]\npath = \"/r\"\nmethods = []\n", "no-method"),
        ("slug = \"s\"\n[[route]]\npath = \"/metrics\"\n", "route-conflict"),
        ("slug = \"t\"\n[[assets]]\nfrom = \"app.toml\"\nlazy = true\ncritical = [\"app.toml\"]\n", "lazy-critical"),
    ];
    let host = tempfile::tempdir().expect("a temporary folder can be made");
    fs::write(host.path().join("apps.manifest.toml"), "[host]\nname = \"store\"\n").expect("a text can be written");
    for (number, (text, _)) in mistakes.iter().enumerate() {
        let folder = host.path().join(format!("apps/{number:02}"));
        fs::create_dir_all(&folder).expect("a folder can be made");
        fs::write(folder.join("app.toml"), text).expect("a text can be written");
    }
    let compilation = compile(&host.path().join("apps.manifest.toml"), &Options::default());
    let told: Vec<_> = compilation.diagnostics.iter().map(|told| told.code).collect();
    assert_eq!(told, mistakes.map(|(_, code)| code));
}

#[test]
fn every_case_with_a_line_missing_or_cut_off() {
    for case in entries(Path::is_dir) {
        let host = tempfile::tempdir().expect("a temporary folder can be made");
        let mut texts = Vec::new();
        copy(&folder().join(&case), host.path(), &mut texts);
        for path in texts {
            let text = fs::read_to_string(&path).expect("a text can be read");
            for mutated in mutations(&text) {
                fs::write(&path, mutated).expect("a text can be written");
                report(host.path(), &Options::default());
            }
            fs::write(&path, text).expect("a text can be written");
        }
    }
}

/// Copies a folder, and lists the copies of the texts that a compilation reads.
pub(crate) fn copy(from: &Path, to: &Path, texts: &mut Vec<PathBuf>) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("a folder can be read") {
        let entry = entry.expect("an entry can be read");
        let copied = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &copied, texts);
            continue;
        }
        fs::copy(entry.path(), &copied).expect("a file can be copied");
        let is_text = |extension: &std::ffi::OsStr| ["toml", "json", "md"].iter().any(|known| extension == *known);
        texts.extend(copied.extension().is_some_and(is_text).then_some(copied.clone()));
    }
}

fn mutations(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let with = |idx: usize, line: &str| [&lines[..idx], &[line], &lines[idx + 1..]].concat().concat();
    let half = |line: &str| line.chars().take(line.chars().count() / 2).chain(['\n']).collect::<String>();
    let mutate = |(idx, line): (usize, &&str)| [with(idx, ""), with(idx, &half(line))];
    lines.iter().enumerate().flat_map(mutate).collect()
}
