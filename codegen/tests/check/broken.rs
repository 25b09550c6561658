//! Right manifests broken at random: bytes, lines, values and keys are taken out, doubled and swapped. The answer is a
//! correct bake, or an error in the file that was broken, with whatever follows from that elsewhere; never a panic.
//!
//! The seed is fixed, so that what fails here fails again.

use std::fs;
use std::path::Path;

use bakehouse_codegen::diagnostics::{Label, Severity};
use bakehouse_codegen::{Compilation, Depth, Options, compile};
use bakehouse_runtime::Table;

use super::mutated::copy;
use super::report::assert_sound;

/// How often each text of each host is broken.
const N_ROUNDS: usize = 80;

/// Hosts in which nothing is wrong.
const HOSTS: [&str; 6] = [
    "emit/native",
    "check/selection",
    "check/calcom-files",
    "check/route-overlap-resolved",
    "check/uses-circle",
    "check/prefix",
];

/// A small generator of random numbers, `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).expect("less than a usize")
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }
}

/// What takes the place of a value.
const VALUES: [&str; 14] = [
    "\"\"",
    "7",
    "-1.5e9",
    "true",
    "[]",
    "[[]]",
    "{}",
    "{ a = 1 }",
    "1979-05-27",
    "\"$slug\"",
    "\"../..\"",
    "\"/{a\"",
    "nan",
    "\"\\u0000\"",
];

/// What is put in anywhere.
const PIECES: [&str; 12] = ["\"", "[", "]]", "{", "}", "=", ",", "\n", "\r\n", "#", "\u{feff}", "\u{202e}"];

fn broken(text: &str, random: &mut Random) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (at, line) = (random.below(bytes.len()), random.below(lines.len()));
    match random.below(10) {
        0 => drop(bytes.drain(at..(at + 1 + random.below(8)).min(text.len()))),
        // A backtick would end the quote that a message puts around it, which is looked at too.
        1 => bytes[at] = u8::try_from(random.below(256)).ok().filter(|byte| *byte != b'`').unwrap_or(b'~'),
        2 => bytes.swap(at, (at + 1) % text.len()),
        3 => drop(bytes.splice(at..at, random.pick(&PIECES).into_iter().flat_map(|piece| piece.bytes()))),
        4 => bytes.truncate(at),
        5 => {
            lines.remove(line);
            bytes = lines.concat().into_bytes();
        }
        6 => {
            lines.insert(random.below(lines.len()), lines[line]);
            bytes = lines.concat().into_bytes();
        }
        7 => {
            let other = random.below(lines.len());
            lines.swap(line, other);
            bytes = lines.concat().into_bytes();
        }
        what => {
            let value = random.pick(&VALUES).copied().unwrap_or_default();
            let changed = match lines[line].split_once('=') {
                Some((key, _)) if what == 8 => format!("{key}= {value}\n"),
                Some((_, rest)) => format!("kye ={rest}"),
                None => value.to_owned(),
            };
            lines[line] = &changed;
            bytes = lines.concat().into_bytes();
        }
    }
    bytes
}

#[test]
fn a_broken_manifest_is_told_of_where_it_is_broken() {
    let mut random = Random(6);
    let (mut n_told, mut elsewhere) = (0, Vec::new());
    for name in HOSTS {
        let host = tempfile::tempdir().expect("a temporary folder can be made");
        let mut texts = Vec::new();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name), host.path(), &mut texts);
        assert!(compile_host(host.path()).baked.is_some(), "{name} is right before it is broken");
        for path in &texts {
            let text = fs::read_to_string(path).expect("a text can be read");
            for _ in 0..N_ROUNDS {
                let broken = broken(&text, &mut random);
                fs::write(path, &broken).expect("a text can be written");
                let told = told(host.path());
                n_told += usize::from(!told.is_empty());
                let file = path.strip_prefix(host.path()).expect("it lies in the host").to_string_lossy();
                let is_there = |told: &&Told| told.files.iter().any(|it| *it == file);
                // A host manifest may still be right and mean something else, for which the apps are not made.
                if file == "apps.manifest.toml" && !told.iter().any(|told| is_there(&told)) {
                    continue;
                }
                let others = told.iter().filter(|told| !is_there(told) && !told.is_missed);
                let broken = String::from_utf8_lossy(&broken);
                elsewhere.extend(others.map(|told| format!("{file}: {}\n{broken}", told.text)));
            }
            fs::write(path, text).expect("a text can be written");
        }
    }
    assert!(elsewhere.is_empty(), "{} errors are elsewhere:\n{}", elsewhere.len(), elsewhere.join("\n---\n"));
    assert!(n_told > 500, "only {n_told} of the manifests were broken by it");
}

fn compile_host(host: &Path) -> Compilation {
    compile(&host.join("apps.manifest.toml"), &Options { depth: Depth::FirstBytes, ..Options::default() })
}

/// An error of a host that was broken.
struct Told {
    /// The files that it shows.
    files: Vec<String>,
    /// Whether it misses a name that the broken file may have had: told where the name is used.
    is_missed: bool,
    text: String,
}

/// What is wrong with a host; what else is said of it is looked at as well.
fn told(host: &Path) -> Vec<Told> {
    let compilation = compile_host(host);
    assert_sound(&compilation);
    if let Some(baked) = &compilation.baked {
        let n_apps = Table::parse(&baked.table).map(|table| table.apps().count());
        assert_eq!(n_apps.ok(), Some(baked.model.apps.len()));
    }
    let errors = compilation.diagnostics.iter().filter(|told| told.severity == Severity::Error);
    let file = |label: &Label| compilation.sources.file(label.place.file).path.clone();
    let told = errors.map(|told| Told {
        files: told.labels.iter().map(file).collect(),
        is_missed: told.code == "unknown-app",
        text: format!("{}: {}", told.code, told.message),
    });
    told.collect()
}
