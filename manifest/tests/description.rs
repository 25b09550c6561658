//! The files that a cal.com description shows: which, and where it names them.

use bakehouse_manifest::calcom::{DESCRIPTION_NAME, parse_app};
use bakehouse_manifest::{Problem, Reference};

fn parse(text: &str) -> (Vec<Reference>, Vec<Problem>) {
    let (manifest, problems, described) = parse_app("zoomvideo", "config.json", "{}", Some(text), false);
    assert_eq!(problems, []);
    (manifest.references, described)
}

/// References as [`check`] sees them.
type Expected<'a> = &'a [(&'a str, &'a str, &'a str)];

/// Expects each reference as what it is, the file, and the text at its place.
fn check(text: &str, expected: Expected<'_>) {
    let (references, problems) = parse(text);
    assert_eq!(problems, [], "{text}");
    assert!(references.iter().all(|it| it.named_in == DESCRIPTION_NAME), "{references:?}");
    let seen: Vec<_> = references
        .iter()
        .map(|it| {
            let at = text.get(it.path.span.start..it.path.span.end).expect("a span lies in its text");
            (it.what, it.path.as_str(), at)
        })
        .collect();
    assert_eq!(seen, expected, "{text}");
}

fn check_problem(text: &str, expected: &str) {
    let (_, problems) = parse(text);
    let lines: Vec<_> = problems
        .iter()
        .map(|it| format!("{}: {} | {:?} | {}", it.code, it.message, text.get(it.span.start..it.span.end), it.help))
        .collect();
    assert_eq!(lines, [expected], "{text}");
}

const ITEM: &str = "an item";
const IMAGE: &str = "an image";

#[test]
fn items_are_files_of_the_app() {
    let cases: [(&str, Expected<'_>); 9] = [
        (
            "---\nitems:\n  - 1.jpg\n  - 2.png\n---\nText",
            &[(ITEM, "static/1.jpg", "1.jpg"), (ITEM, "static/2.png", "2.png")],
        ),
        ("---\nitems: [1.jpg, '2.jpg']\n---", &[(ITEM, "static/1.jpg", "1.jpg"), (ITEM, "static/2.jpg", "'2.jpg'")]),
        ("---\ndescription: é\nitems:\n- \"ü.jpg\" # \"c\"\n---\n", &[(ITEM, "static/ü.jpg", "\"ü.jpg\"")]),
        (
            "---\nitems:\n  - /1.jpeg\n  - ./2.jpeg\n  - static/3.jpeg\n---\n",
            &[
                (ITEM, "static/1.jpeg", "/1.jpeg"),
                (ITEM, "static/2.jpeg", "./2.jpeg"),
                (ITEM, "static/3.jpeg", "static/3.jpeg"),
            ],
        ),
        (
            "---\nitems:\n  - /app-store/zoomvideo/1.jpg\n  - /api/app-store/zoomvideo/2.jpg\n---\n",
            &[
                (ITEM, "static/1.jpg", "/app-store/zoomvideo/1.jpg"),
                (ITEM, "static/2.jpg", "/api/app-store/zoomvideo/2.jpg"),
            ],
        ),
        (
            "---\nitems:\n  - iframe: { src: https://example.com/a.mp4 }\n  - https://example.com/1.jpg\n  - 2.jpg\n---\n",
            &[(ITEM, "static/2.jpg", "2.jpg")],
        ),
        ("---\nitems:\n  -\n  - ~\n  - [no.jpg]\n  - { a: no.jpg }\nother: [no.jpg]\n---\n", &[]),
        ("---\nother:\n  items: [no.jpg]\nitems:\n---\n", &[]),
        ("---\n- items\n- [no.jpg]\n---\n", &[]),
    ];
    for (text, expected) in cases {
        check(text, expected);
        let text = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        check(&text, expected);
    }
}

#[test]
fn images_of_the_text_are_files_of_the_app() {
    check(
        "![alt](1.jpg \"title\") and ![b][ref]\n\n[ref]: /app-store/zoomvideo/2.jpg",
        &[(IMAGE, "static/1.jpg", "1.jpg"), (IMAGE, "static/2.jpg", "![b][ref]")],
    );
    check("[![é](é.jpg)](https://example.com)", &[(IMAGE, "static/é.jpg", "é.jpg")]);
    check(
        "Text <img alt='>' SRC=\"1.jpg?raw=1\" /> <img src=2.jpg>",
        &[(IMAGE, "static/1.jpg", "1.jpg?raw=1"), (IMAGE, "static/2.jpg", "2.jpg")],
    );
    check("<div>\n<img\n  class=a\n  src='1.jpg'>\n</div>\n", &[(IMAGE, "static/1.jpg", "1.jpg")]);
    check(
        "![a](a%20%c3%A9.png) ![b](100%.png) ![c](%ff.png)",
        &[
            (IMAGE, "static/a é.png", "a%20%c3%A9.png"),
            (IMAGE, "static/100%.png", "100%.png"),
            (IMAGE, "static/%ff.png", "%ff.png"),
        ],
    );
    check("> ![q](<a b.png>)", &[(IMAGE, "static/a b.png", "a b.png")]);
}

#[test]
fn what_is_served_by_others_is_left_alone() {
    let cases = [
        "![a](https://example.com/1.jpg) ![b](//example.com/1.jpg) ![c](data:image/png;base64,AA==)",
        "![a](/site.jpg) ![b](/app-store/meet/1.jpg) ![c](/api/logo)",
        "<iframe src=\"https://example.com\"></iframe>\n<video src='1.mp4'></video>",
        "`![a](1.jpg)`\n\n    ![b](1.jpg)\n\n<!-- <img src=1.jpg> -->\n\n```\n<img src=1.jpg>\n```\n",
        "<imgx src=1.jpg> <img> <img src> <img",
        "[a](1.jpg)",
        "{DESCRIPTION}",
        "",
    ];
    for text in cases {
        check(text, &[]);
    }
}

#[test]
fn front_matter_is_no_text() {
    check(
        "---\ndescription: \"![a](no.jpg)\"\nitems: [1.jpg]\n---\n![b](2.jpg)\n",
        &[(ITEM, "static/1.jpg", "1.jpg"), (IMAGE, "static/2.jpg", "2.jpg")],
    );
    // Only at the very top; elsewhere, the line is Markdown's.
    check("Text\n---\nitems: [no.jpg]\n---\n", &[]);
}

#[test]
fn broken_front_matter_is_one_problem() {
    check_problem(
        "---\nitems: [1.jpg\n",
        "syntax: the front matter is never closed | Some(\"---\") | end it with a line `---`",
    );
    check_problem(
        "---\né: x\nitems: 1.jpg\n---\n",
        "wrong-type: `items` must be a list of files, but was a string | Some(\"1.jpg\") | put `- ` before each file, on lines of their own",
    );
    check_problem(
        "---\nitems: { a: b }\n---\n",
        "wrong-type: `items` must be a list of files, but was a mapping | Some(\"{\") | put `- ` before each file, on lines of their own",
    );
    let text = "\u{feff}---\né: b: c\n---\n![a](1.jpg)";
    check_problem(
        text,
        "syntax: mapping values are not allowed in this context | Some(\"\") | make it valid YAML; what stands before it may be what is wrong",
    );
    assert_eq!(text.get(parse(text).1[0].span.start..), Some(": c\n---\n![a](1.jpg)"));
    assert_eq!(parse(text).0.len(), 1, "the text is read all the same");
}

#[test]
fn deep_nesting_never_overflows() {
    for deep in ["[", "- ", "{a: ", "? "] {
        parse(&format!("---\nitems: {}\n---\n", deep.repeat(100_000)));
    }
    for deep in [">", "![", "<img ", "- ", "*a **b "] {
        parse(&deep.repeat(10_000));
    }
}
