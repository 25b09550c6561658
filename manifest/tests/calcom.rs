//! cal.com's `config.json`: what becomes of each key, and what is told of one that is wrong.

use bakehouse_manifest::calcom::parse_app;
use bakehouse_manifest::{AppManifest, Problem, Reference, Span, Spanned};

fn parse(folder: &str, text: &str) -> (AppManifest, Vec<Problem>) {
    let (manifest, problems, described) = parse_app(folder, "config.json", text, None, false);
    assert_eq!(described, []);
    (manifest, problems)
}

fn app(folder: &str, text: &str) -> AppManifest {
    let (manifest, problems) = parse(folder, text);
    assert_eq!(problems, [], "{text}");
    manifest
}

fn at(text: &str, span: Span) -> &str {
    text.get(span.start..span.end).expect("a span lies in its text")
}

/// Values, and what stands at their places.
type Seen<'a> = &'a [(&'a str, &'a str)];

/// The values and what stands at their places.
fn seen<'a>(text: &'a str, items: &'a [Spanned<String>]) -> Vec<(&'a str, &'a str)> {
    items.iter().map(|it| (it.value.as_str(), at(text, it.span))).collect()
}

fn check(text: &str, expected: &[&str]) {
    let (_, problems) = parse("zoom", text);
    let lines: Vec<_> = problems
        .iter()
        .map(|it| format!("{}: {} | {} | {} | {}", it.code, it.message, it.label, at(text, it.span), it.help))
        .collect();
    assert_eq!(lines, expected, "{text}");
}

#[test]
fn plain_keys_are_the_same() {
    let text = r#"{"slug": "zoom", "name": "Zo\u00f6m", "description": "d", "publisher": "p"}"#;
    let app = app("zoom", text);
    let values = [app.slug, app.name, app.description, app.publisher].map(|it| it.expect("a value"));
    assert_eq!(seen(text, &values), [("zoom", "\"zoom\""), ("Zoöm", "\"Zo\\u00f6m\""), ("d", "\"d\""), ("p", "\"p\"")]);
    assert_eq!(app.metadata.0, "{}");
    assert_eq!(app.aliases, []);
}

#[test]
fn folder_dir_name_and_type_are_aliases() {
    let text = r#"{"slug": "zoom", "type": "zoom_video", "dirName": "zoomvideo"}"#;
    let cases: [(&str, &str, Seen<'_>); 6] = [
        ("zoomvideo", text, &[("zoomvideo", "\"zoom\""), ("zoom_video", "\"zoom_video\"")]),
        ("a/zm", text, &[("zm", "\"zoom\""), ("zoomvideo", "\"zoomvideo\""), ("zoom_video", "\"zoom_video\"")]),
        ("zoom", text, &[("zoomvideo", "\"zoomvideo\""), ("zoom_video", "\"zoom_video\"")]),
        ("zoom", r#"{"slug": "zoom", "type": "zoom", "dirName": "zoom"}"#, &[]),
        ("x", r#"{"dirName": "templates/basic"}"#, &[("x", ""), ("basic", "\"templates/basic\"")]),
        ("x", "{}", &[("x", "")]),
    ];
    for (folder, text, expected) in cases {
        assert_eq!(seen(text, &app(folder, text).aliases), expected, "{folder} {text}");
    }
}

#[test]
fn dependencies_are_required() {
    let text = r#"{"dependencies": ["google-calendar"]}"#;
    assert_eq!(seen(text, &app("x", text).requires), [("google-calendar", "\"google-calendar\"")]);
}

#[test]
fn category_joins_the_categories() {
    let cases = [
        (r#"{"categories": ["video", "crm"]}"#, vec!["video", "crm"]),
        (r#"{"category": "video"}"#, vec!["video"]),
        (r#"{"category": "crm", "categories": ["video", "crm", "video"]}"#, vec!["video", "crm"]),
        (r#"{"category": "crm", "categories": ["video"]}"#, vec!["video", "crm"]),
    ];
    for (text, expected) in cases {
        let values: Vec<_> = app("x", text).categories.into_iter().map(|it| it.value).collect();
        assert_eq!(values, expected, "{text}");
    }
}

#[test]
fn static_folder_is_an_asset_set() {
    let text = r#"{"slug": "zoom"}"#;
    let (manifest, _, _) = parse_app("zoom", "config.json", text, None, true);
    let [set] = manifest.assets.as_slice() else { panic!("one set, but got {:?}", manifest.assets) };
    assert_eq!((set.from.as_str(), &set.to, set.lazy), ("static", &None, false));
    assert_eq!(at(text, set.span), "\"zoom\"");
    assert_eq!(app("zoom", text).assets, []);
}

#[test]
fn logo_is_a_file_of_the_app() {
    let cases = [
        ("icon.svg", Some("static/icon.svg")),
        ("/icon.svg", Some("static/icon.svg")),
        ("./icon.svg", Some("static/icon.svg")),
        ("img/icon.svg", Some("static/img/icon.svg")),
        ("static/icon.svg", Some("static/icon.svg")),
        ("/app-store/zoomvideo/icon.svg", Some("static/icon.svg")),
        ("/api/app-store/zoomvideo/icon.svg", Some("static/icon.svg")),
        ("/app-store/v/zoomvideo/icon.svg", Some("static/icon.svg")),
        ("/app-store/meet/icon.svg", None),
        ("https://example.com/icon.svg", None),
        ("//example.com/icon.svg", None),
        ("data:image/png;base64,AA==", None),
        ("", None),
    ];
    for (logo, expected) in cases {
        let text = format!("{{\"logo\": \"{logo}\"}}");
        let manifest = app("v/zoomvideo", &text);
        let span = Span { start: 9, end: text.len() - 1 };
        let expected = expected.map(|path| Reference {
            what: "`logo`",
            path: Spanned { value: path.to_owned(), span },
            named_in: "config.json".to_owned(),
            anywhere: false,
        });
        assert_eq!(manifest.references, Vec::from_iter(expected), "{logo}");
        assert_eq!(manifest.metadata.0, text.replace(": ", ":"), "a page needs it, too");
    }
}

#[test]
fn everything_else_is_metadata() {
    let text = "{\"z\": [1, -2.5e+3, true, null, {}],\r\n \"slug\": \"x\", \"a\": {\"b\\n\": \"\\ud83d\\ude00\\/\", \"a\": []}}";
    let json = app("x", text).metadata.0;
    assert_eq!(json, "{\"z\":[1,-2.5e+3,true,null,{}],\"a\":{\"b\\n\":\"😀/\",\"a\":[]}}");
    serde_json::from_str::<serde_json::Value>(&json).expect("metadata is JSON");
}

#[test]
fn comments_are_tolerated_and_told() {
    let text = r#"{"/*": "Don't modify slug", "//": 1, "a": 2}"#;
    let app = app("x", text);
    assert_eq!(app.metadata.0, r#"{"a":2}"#);
    let told: Vec<_> = app.tolerated.iter().map(|it| (it.code, it.message.as_str(), at(text, it.span))).collect();
    assert_eq!(
        told,
        [
            ("comment-key", "the key `/*` is a comment, and is not handed on", "\"/*\": \"Don't modify slug\""),
            ("comment-key", "the key `//` is a comment, and is not handed on", "\"//\": 1"),
        ]
    );
}

#[test]
fn wrong_types() {
    check(
        r#"{"slug": 1, "name": null, "type": {}, "category": []}"#,
        &[
            "wrong-type: `slug` must be a string, but was a number |  | 1 | write `\"slug\": \"...\"`",
            "wrong-type: `name` must be a string, but was null |  | null | write `\"name\": \"...\"`",
            "wrong-type: `type` must be a string, but was an object |  | {} | write `\"type\": \"...\"`",
            "wrong-type: `category` must be a string, but was a list |  | [] | write `\"category\": \"...\"`",
        ],
    );
    check(
        r#"{"logo": true, "dependencies": ["a", 1], "categories": "a"}"#,
        &[
            "wrong-type: `logo` must be a string, but was a boolean |  | true | write `\"logo\": \"...\"`",
            "wrong-type: `dependencies` must be a list of strings, but holds a number |  | 1 | write `\"dependencies\": [\"...\"]`",
            "wrong-type: `categories` must be a list of strings, but was a string |  | \"a\" | write `\"categories\": [\"...\"]`",
        ],
    );
    check(
        "[]",
        &[
            "wrong-type: the manifest must be a JSON object, but was a list |  | [] | put it in braces, with a key before each value",
        ],
    );
    check("{\"a\": 1e999}", &["wrong-type: `1e999` does not fit into 64 bits |  | 1e999 | write it as a string"]);
}

#[test]
fn duplicate_keys() {
    check(
        r#"{"slug": "a", "slug": "b", "x": [{"y": 1, "y": 2}]}"#,
        &[
            "duplicate-key: `slug` is given twice |  | \"slug\" | keep one of the two",
            "duplicate-key: `y` is given twice |  | \"y\" | keep one of the two",
        ],
    );
    let (manifest, _) = parse("x", r#"{"slug": "a", "slug": "b", "x": {"y": 1, "y": 2}}"#);
    assert_eq!(manifest.slug.map(|it| it.value).as_deref(), Some("a"));
    assert_eq!(manifest.metadata.0, r#"{"x":{"y":1}}"#);
}

#[test]
fn syntax_errors() {
    check("", &["syntax: the manifest is empty |  |  | write a JSON object"]);
    check("{\"a\": 1,}", &["syntax: trailing commas are not allowed |  | , | take the comma out"]);
    check(
        "{\"a\": 1 // c\n}",
        &["syntax: comments are not allowed |  | // c | take it out, or make it the value of a key `\"/*\"`"],
    );
    check("{a: 1}", &["syntax: expected string for object property |  | a | put the key in double quotes"]);
    check("{\"a\": 'x'}", &["syntax: single-quoted strings are not allowed |  | ' | use double quotes"]);
    check("{\"a\": 1 \"b\": 2}", &["syntax: expected comma |  |  | put a comma between the two"]);
    check(
        "{\"a\": 0x1F}",
        &["syntax: hexadecimal numbers are not allowed |  | 0 | write the number in decimal digits"],
    );
    check(
        "{\"a\": 1} {}",
        &[
            "syntax: text cannot contain more than one JSON value |  | { | take out what follows the manifest's last brace",
        ],
    );
    check("{\"a\": [1", &["syntax: unterminated array |  | [1 | end it with `]`"]);
    check("{\"a\": {", &["syntax: unterminated object |  | { | end it with `}`"]);
    check(
        "{\"a\": nope}",
        &["syntax: unexpected token |  | nope | make it valid JSON; what stands before it may be what is wrong"],
    );
}

#[test]
fn a_byte_order_mark_moves_every_place() {
    let text = "\u{feff}{\"slug\": \"é\", \"a\": {\"b\": 1, \"b\": 2}, \"name\": 3}";
    let (manifest, problems) = parse("x", text);
    assert_eq!(at(text, manifest.slug.expect("a slug").span), "\"é\"");
    assert_eq!(problems.iter().map(|it| at(text, it.span)).collect::<Vec<_>>(), ["\"b\"", "3"]);
    let text = "\u{feff}{\"slug\" 1}";
    assert_eq!(parse("x", text).1.iter().map(|it| at(text, it.span)).collect::<Vec<_>>(), ["1"]);
}

#[test]
fn deep_nesting_is_refused_or_read_but_never_overflows() {
    for (n, expected) in [(100, 0), (1_000, 1), (100_000, 1)] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let (_, problems) = parse("x", &format!("{{\"x\": {}1{}}}", open.repeat(n), close.repeat(n)));
            assert_eq!(problems.len(), expected, "{n} times {open}");
        }
    }
}
