//! The pages on the codes: every code has one, every page has a code, and what a page calls wrong is wrong, and right right.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use bakehouse_codegen::diagnostics::render;
use bakehouse_codegen::{Compilation, Options, codes, compile, explain};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every Rust file below a folder, as text without what stands in `#[cfg(test)]` modules at its end.
fn sources(folder: &Path, texts: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a source folder can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            sources(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source file can be read");
            texts.push(text.split("#[cfg(test)]").next().unwrap_or_default().to_owned());
        }
    }
}

/// The string literals that follow one of the calls that make a diagnostic.
fn codes_in_sources() -> BTreeSet<String> {
    let mut texts = Vec::new();
    sources(&repository().join("codegen/src"), &mut texts);
    sources(&repository().join("manifest/src"), &mut texts);
    let calls = ["Diagnostic::error(", "Diagnostic::warning(", "Diagnostic::note(", "Problem::new(", ".report("];
    let mut codes = BTreeSet::new();
    for (text, call) in texts.iter().flat_map(|text| calls.map(|call| (text, call))) {
        for rest in text.split(call).skip(1) {
            let code = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
            codes.extend(code.map(str::to_owned));
        }
    }
    codes
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let pages = fs::read_dir(repository().join("codegen/src/explain")).expect("the folder of pages can be read");
    let pages: BTreeSet<_> = pages
        .map(|page| page.expect("an entry can be read").path())
        .map(|page| page.file_stem().expect("a page has a name").to_string_lossy().into_owned())
        .collect();
    let known: Vec<_> = codes().iter().map(|code| (*code).to_owned()).collect();
    assert!(known.is_sorted());
    assert_eq!(codes_in_sources().into_iter().collect::<Vec<_>>(), known);
    assert_eq!(pages.into_iter().collect::<Vec<_>>(), known);
    assert_eq!(explain("no-such-code"), None);
}

/// The title without the code, which begins the page.
fn title<'p>(code: &str, page: &'p str) -> &'p str {
    let line = page.lines().next().unwrap_or_default();
    line.strip_prefix(&format!("# `{code}`: ")).unwrap_or_else(|| panic!("{code}: a page begins with its code"))
}

#[test]
fn the_index_links_every_page() {
    let index = fs::read_to_string(repository().join("docs/errors/README.md")).expect("the index can be read");
    let rows: Vec<_> = index.lines().filter(|line| line.starts_with("| [")).collect();
    let row = |code: &&str| {
        let page = explain(code).expect("a code has a page");
        format!("| [`{code}`](../../codegen/src/explain/{code}.md) | {} |", title(code, page))
    };
    assert_eq!(rows, codes().iter().map(row).collect::<Vec<_>>());
}

/// The files of an example, by path: the fences below a line `Wrong:` or `Right:` whose info names one.
fn example(page: &str, heading: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut is_wanted = false;
    let mut open: Option<(String, String)> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some(_)) => files.extend(open.take().filter(|(path, _)| is_wanted && !path.is_empty())),
            (Some((_, text)), None) => text.extend([line, "\n"]),
            (None, Some(info)) => {
                let path = info.split_once(' ').map_or("", |(_, path)| path);
                open = Some((path.to_owned(), String::new()));
            }
            (None, None) if matches!(line, "Wrong:" | "Right:") => is_wanted = line == heading,
            (None, None) => {}
        }
    }
    files
}

fn compile_example(mut files: BTreeMap<String, String>) -> Compilation {
    files.entry("apps.manifest.toml".to_owned()).or_insert_with(|| "[host]\nname = \"store\"\n".to_owned());
    let host = tempfile::tempdir().expect("a temporary folder can be made");
    for (path, text) in files {
        let path = host.path().join(path);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    compile(&host.path().join("apps.manifest.toml"), &Options::default())
}

#[test]
fn what_pages_call_wrong_is_wrong_and_what_they_call_right_is_right() {
    let mut n_examples = 0;
    for code in codes() {
        let page = explain(code).expect("a code has a page");
        let (wrong, right) = (example(page, "Wrong:"), example(page, "Right:"));
        assert_eq!(wrong.is_empty(), right.is_empty(), "{code}");
        if wrong.is_empty() {
            continue;
        }
        n_examples += 1;
        let wrong = compile_example(wrong);
        let found: BTreeSet<_> = wrong.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(found, BTreeSet::from([*code]));
        let right = compile_example(right);
        let found: String =
            right.diagnostics.iter().map(|diagnostic| render(diagnostic, &right.sources, Path::new(""))).collect();
        assert_eq!(found, "", "{code}");
    }
    assert!(n_examples > 25, "only {n_examples} pages have an example that can be tried");
}
