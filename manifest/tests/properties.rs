//! Whatever the text: no panic, spans that a message can cut out of it, problems by place, and metadata that is JSON.

use bakehouse_manifest::native::{parse_app, parse_host};
use bakehouse_manifest::{AppManifest, Problem, Span, calcom};
use proptest::prelude::*;

fn check_problems(text: &str, problems: &[Problem]) {
    for problem in problems {
        check_span(text, problem.span);
        assert!(!problem.message.is_empty());
    }
    assert!(problems.is_sorted_by_key(|problem| problem.span.start), "{problems:?}");
}

fn check_span(text: &str, span: Span) {
    assert!(text.get(span.start..span.end).is_some(), "{span:?} of {text:?}");
}

fn check_app(text: &str, app: &AppManifest) {
    serde_json::from_str::<serde_json::Value>(&app.metadata.0).expect("metadata is JSON");
    let names = [&app.slug, &app.name, &app.description, &app.publisher, &app.entry];
    let lists = [&app.aliases, &app.categories, &app.requires, &app.uses];
    names.into_iter().flatten().chain(lists.into_iter().flatten()).for_each(|it| check_span(text, it.span));
    app.routes.iter().for_each(|it| check_span(text, it.span));
    app.assets.iter().for_each(|it| check_span(text, it.span));
    app.tolerated.iter().for_each(|it| check_span(text, it.span));
}

fn check_all(text: &str) {
    check_problems(text, &parse_host(text).1);
    let (app, problems) = parse_app(text);
    check_problems(text, &problems);
    check_app(text, &app);
    let (app, problems, _) = calcom::parse_app("a/b", "config.json", text, None, true);
    check_problems(text, &problems);
    check_app(text, &app);
    let (app, _, problems) = calcom::parse_app("a/b", "config.json", "{}", Some(text), true);
    check_problems(text, &problems);
    app.references.iter().for_each(|it| check_span(text, it.path.span));
}

/// Pieces of all the formats, so that random texts get past the first byte.
const PIECES: [&str; 54] = [
    "slug",
    "name",
    "aliases",
    "enabled",
    "route",
    "path",
    "assets",
    "from",
    "metadata",
    "host",
    "select",
    "items",
    "logo",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ":",
    ",",
    ".",
    "\"",
    "'",
    "'''",
    "\"\"\"",
    "\\",
    "\\u00e9",
    "#",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\t",
    "\r",
    "\u{feff}",
    "é",
    "会",
    "😀",
    "1",
    "0x1F",
    "-1.5e3",
    "inf",
    "true",
    "1979-05-27",
    "---\n",
    "- ",
    "<img ",
    "src=",
    ">",
    "![",
    "](",
    "\u{0}",
];

proptest! {
    #[test]
    fn any_text(text in "\\PC{0,60}") {
        check_all(&text);
    }

    #[test]
    fn any_pieces(pieces in prop::collection::vec(prop::sample::select(&PIECES), 0..40)) {
        check_all(&pieces.concat());
        check_all(&format!("---\n{}\n---\n{}", pieces.concat(), pieces.concat()));
    }

    #[test]
    fn any_cut_and_insertion(at in 0..200_usize, n in 0..20_usize, piece in prop::sample::select(&PIECES)) {
        for text in [
            "\u{feff}slug = \"zöom\"\r\naliases = [\"a\", 'b']\r\n[[route]]\r\npath = \"/é\"\r\nmethods = [\"GET\"]\r\n\
             [[assets]]\nfrom = \"static\"\nmode = \"copy\"\n[metadata]\na.b = [1, {c = 1979-05-27}]\nd = '''x\ny'''\n",
            "\u{feff}{\"/*\": \"c\", \"slug\": \"zöom\", \"logo\": \"icon.svg\", \"a\": [1, {\"b\\n\": null, \"c\": -1.5e3}]}",
            "---\nitems:\n  - 1.jpg # é\n  - \"2.jpg\"\n  - iframe: { src: x }\n---\n![é](3.jpg \"t\") <img alt='é' src=\"4.jpg\">",
        ] {
            let mut chars: Vec<char> = text.chars().collect();
            let start = at.min(chars.len());
            let end = (start + n).min(chars.len());
            chars.splice(start..end, piece.chars());
            check_all(&chars.into_iter().collect::<String>());
        }
    }
}
