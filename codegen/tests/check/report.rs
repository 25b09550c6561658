//! A compilation as text: each diagnostic as a person sees it, then as a program does, then whether anything was baked.

use std::fmt::Write as _;
use std::path::Path;

use bakehouse_codegen::diagnostics::{Diagnostic, Severity, render};
use bakehouse_codegen::source::Sources;
use bakehouse_codegen::{Compilation, Options, compile};

/// Compiles the host in a folder, and says what came of it.
pub(crate) fn report(host: &Path, options: &Options) -> String {
    let compilation = compile(&host.join("apps.manifest.toml"), options);
    let mut out = String::new();
    assert_sound(&compilation);
    for diagnostic in &compilation.diagnostics {
        let _ = writeln!(out, "{}", render(diagnostic, &compilation.sources, Path::new("")));
    }
    let lines = compilation.diagnostics.iter().map(|diagnostic| line(diagnostic, &compilation.sources));
    out.extend(lines);
    out += &outcome(&compilation);
    // Where the host lies on this machine, and how the system words an error, are no part of what is compared.
    out.replace(&host.display().to_string(), "[host]")
}

/// What holds for everything that is said of a host, and that it can be drawn.
pub(crate) fn assert_sound(compilation: &Compilation) {
    for diagnostic in &compilation.diagnostics {
        assert_well_formed(diagnostic, &compilation.sources);
        assert!(!render(diagnostic, &compilation.sources, Path::new("")).is_empty());
    }
    assert_in_order(compilation);
}

fn line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let place = diagnostic.place().expect("a diagnostic has a place");
    let (position, file) = (sources.position(place), &sources.file(place.file).path);
    format!(
        "{{\"code\":\"{}\",\"severity\":\"{}\",\"file\":\"{file}\",\"line\":{},\"column\":{}}}\n",
        diagnostic.code,
        diagnostic.severity.name(),
        position.line,
        position.column,
    )
}

fn outcome(compilation: &Compilation) -> String {
    match &compilation.baked {
        Some(baked) => format!("baked: {} apps\n", baked.model.apps.len()),
        None => "baked: nothing\n".to_owned(),
    }
}

/// What holds for every diagnostic: its wording, its places, and its page.
fn assert_well_formed(diagnostic: &Diagnostic, sources: &Sources) {
    for text in [&diagnostic.message, &diagnostic.help] {
        assert!(!text.ends_with('.') && !text.starts_with(|c: char| c.is_uppercase()), "{diagnostic:?}");
        assert_eq!(text.matches('`').count() % 2, 0, "{diagnostic:?}");
    }
    assert!(diagnostic.severity == Severity::Note || !diagnostic.help.is_empty(), "{diagnostic:?}");
    for label in &diagnostic.labels {
        let text = &sources.file(label.place.file).text;
        assert!(text.get(label.place.span.start..label.place.span.end).is_some(), "{diagnostic:?}");
    }
    let code = diagnostic.code;
    let is_denied = diagnostic.labels.last().is_some_and(|label| label.text == "an error here");
    let at_most = bakehouse_codegen::severity(code);
    assert!(is_denied || at_most.is_some_and(|it| diagnostic.severity >= it), "{code} has another severity");
    assert!(diagnostic.severity == Severity::Note || bakehouse_codegen::explain(code).is_some(), "{code} has no page");
}

/// Errors and a table exclude each other, and what is wrong comes file by file, from the top.
fn assert_in_order(compilation: &Compilation) {
    let sources = &compilation.sources;
    let keys = compilation.diagnostics.iter().map(|diagnostic| {
        let place = diagnostic.place().expect("a diagnostic has a place");
        (sources.file(place.file).path.as_str(), place.span)
    });
    assert!(keys.is_sorted());
    assert_eq!(compilation.count(Severity::Error) > 0, compilation.baked.is_none());
}
