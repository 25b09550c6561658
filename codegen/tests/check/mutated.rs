//! Every case once more with each line of each manifest taken out, and cut off in its middle: whatever is said of that, is
//! said as it should be, and nothing panics.

use std::fs;
use std::path::{Path, PathBuf};

use bakehouse_codegen::Options;

use super::{entries, folder, report};

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
fn copy(from: &Path, to: &Path, texts: &mut Vec<PathBuf>) {
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
