//! What is wrong with a native manifest, as it is told: one problem a mistake, all mistakes of a file, in its order.

use bakehouse_manifest::native::{parse_app, parse_host};
use bakehouse_manifest::{AppManifest, Problem};

/// A problem as a line: `code: message | label | the text at its place | help`.
fn line(text: &str, problem: &Problem) -> String {
    let at = text.get(problem.span.start..problem.span.end).expect("a span lies in its text");
    format!("{}: {} | {} | {at} | {}", problem.code, problem.message, problem.label, problem.help)
}

fn check(text: &str, problems: &[Problem], expected: &[&str]) {
    let lines: Vec<_> = problems.iter().map(|problem| line(text, problem)).collect();
    assert_eq!(lines, expected, "{text}");
}

fn check_app(text: &str, expected: &[&str]) {
    check(text, &parse_app(text).1, expected);
}

fn check_host(text: &str, expected: &[&str]) {
    check(text, &parse_host(text).1, expected);
}

#[test]
fn unknown_keys() {
    check_app("slgu = 'x'", &["unknown-key: unknown key `slgu` |  | slgu | the nearest known key is `slug`"]);
    check_app(
        "[[route]]\npath = '/'\n\"metods\" = []",
        &["unknown-key: unknown key `metods` in `[[route]]` |  | \"metods\" | the nearest known key is `methods`"],
    );
    check_app(
        "[[assets]]\nfrom = 'a'\nx = 1",
        &[
            "unknown-key: unknown key `x` in `[[assets]]` |  | x | the known keys are `from`, `to`, `critical`, `lazy`, `mode`",
        ],
    );
    check_app(
        "[[routes]]\npath = '/'\n[[routes]]\npath = '/b'",
        &["unknown-key: unknown key `routes` |  | routes | the nearest known key is `route`"],
    );
    check_host("[hots]\nname = 'x'", &["unknown-key: unknown key `hots` |  | hots | the nearest known key is `host`"]);
    check_host(
        "[host]\nmanifest_names = []",
        &[
            "unknown-key: unknown key `manifest_names` in `[host]` |  | manifest_names | the nearest known key is `manifest-names`",
        ],
    );
    check_host(
        "[routes]\nprefx = ''\n[assets]\nfolded = true",
        &[
            "unknown-key: unknown key `prefx` in `[routes]` |  | prefx | the nearest known key is `prefix`",
            "unknown-key: unknown key `folded` in `[assets]` |  | folded | the nearest known key is `fold`",
        ],
    );
    check_host(
        "[assets]\neach = [{ from = 'a', too = 'b' }]",
        &["unknown-key: unknown key `too` in `each` of `[assets]` |  | too | the nearest known key is `to`"],
    );
}

#[test]
fn a_key_of_the_file_under_a_table() {
    check_app(
        "[[route]]\npath = '/'\nentry = 'zoom::app'",
        &[
            "unknown-key: unknown key `entry` in `[[route]]` |  | entry | `entry` belongs to the top of the file, before the first table",
        ],
    );
    // A table's name is no such key, nor is a key of the table around another.
    check_app(
        "[[route]]\npath = '/'\n[route.assets]",
        &[
            "unknown-key: unknown key `assets` in `[[route]]` |  | assets | the known keys are `path`, `methods`, `preload`, `overrides`, `yields`",
        ],
    );
    check_host(
        "[assets]\neach = [{ from = 'a', fold = true }]",
        &[
            "unknown-key: unknown key `fold` in `each` of `[assets]` |  | fold | the known keys are `from`, `to`, `critical`, `lazy`, `mode`",
        ],
    );
}

#[test]
fn wrong_types_of_plain_keys() {
    check_app("name = 12", &["wrong-type: `name` must be a string, but was a number |  | 12 | write `name = \"12\"`"]);
    check_app(
        "name = 1.5e3",
        &["wrong-type: `name` must be a string, but was a number |  | 1.5e3 | write `name = \"1.5e3\"`"],
    );
    check_app(
        "name = true",
        &["wrong-type: `name` must be a string, but was a boolean |  | true | write `name = \"true\"`"],
    );
    check_app(
        "name = 1979-05-27",
        &["wrong-type: `name` must be a string, but was a date |  | 1979-05-27 | write `name = \"1979-05-27\"`"],
    );
    check_app(
        "name = ['a']",
        &["wrong-type: `name` must be a string, but was a list |  | ['a'] | write `name = \"...\"`"],
    );
    check_app("[name]", &["wrong-type: `name` must be a string, but was a table |  | [name] | write `name = \"...\"`"]);
    check_app(
        "aliases = 3",
        &["wrong-type: `aliases` must be a list of strings, but was a number |  | 3 | write `aliases = [\"...\"]`"],
    );
    check_app(
        "aliases = 'a'",
        &["wrong-type: `aliases` must be a list of strings, but was a string |  | 'a' | write `aliases = [\"a\"]`"],
    );
    check_app(
        "aliases = ['a', 1, {}]",
        &[
            "wrong-type: `aliases` must be a list of strings, but holds a number |  | 1 | write `\"1\"`",
            "wrong-type: `aliases` must be a list of strings, but holds a table |  | {} | write each item as `\"...\"`",
        ],
    );
    check_app(
        "enabled = 'false'",
        &[
            "wrong-type: `enabled` must be `true` or `false`, but was a string |  | 'false' | write `enabled = false`, without quotes",
        ],
    );
    check_app(
        "enabled = 1",
        &[
            "wrong-type: `enabled` must be `true` or `false`, but was a number |  | 1 | write `enabled = true` or `enabled = false`",
        ],
    );
    check_host(
        "[select]\ndev = 'zoom'",
        &["wrong-type: `dev` must be a list of strings, but was a string |  | 'zoom' | write `dev = [\"zoom\"]`"],
    );
    check_host(
        "assets.mode = true",
        &["wrong-type: `mode` must be a string, but was a boolean |  | true | write `mode = \"true\"`"],
    );
}

#[test]
fn wrong_types_of_tables() {
    check_app(
        "[route]\npath = '/'",
        &[
            "wrong-type: `route` must be a list of tables, but was a table |  | [route] | write `[[route]]`, once for each",
        ],
    );
    check_app(
        "route = [1, { path = '/' }]",
        &[
            "wrong-type: `route` must be a list of tables, but holds a number |  | 1 | write each item as a table, `{ ... }`",
        ],
    );
    check_app(
        "[[metadata]]",
        &[
            "wrong-type: `metadata` must be a table, but was a list |  | [[metadata]] | write `[metadata]`, and its keys on the lines after it",
        ],
    );
    check_host(
        "host = 'store'",
        &[
            "wrong-type: `host` must be a table, but was a string |  | 'store' | write `[host]`, and its keys on the lines after it",
        ],
    );
}

#[test]
fn unknown_values() {
    check_host(
        "[host]\ndialect = 'cal.com'",
        &["unknown-value: unknown value `cal.com` for `dialect` |  | 'cal.com' | the nearest known value is `calcom`"],
    );
    check_host(
        "[routes]\ntrailing-slash = 'never'\ncase = 'Sensitve'",
        &[
            "unknown-value: unknown value `never` for `trailing-slash` |  | 'never' | the known values are `strict`, `ignore`, `redirect`",
            "unknown-value: unknown value `Sensitve` for `case` |  | 'Sensitve' | the nearest known value is `sensitive`",
        ],
    );
    check_app(
        "[[assets]]\nfrom = 'a'\nmode = \"symlnk\"",
        &["unknown-value: unknown value `symlnk` for `mode` |  | \"symlnk\" | the nearest known value is `symlink`"],
    );
}

#[test]
fn missing_keys() {
    check_app(
        "[[route]]\nmethods = ['GET']\n\n[[ assets ]]\nto = 'x'",
        &[
            "missing-key: missing key `path` in `[[route]]` |  | [[route]] | add `path = \"/...\"`",
            "missing-key: missing key `from` in `[[assets]]` |  | [[ assets ]] | add `from = \"static\"`",
        ],
    );
    check_host(
        "[assets]\neach = [{ to = 'x' }]",
        &["missing-key: missing key `from` in `each` of `[assets]` |  | { to = 'x' } | add `from = \"static\"`"],
    );
    // A key of the wrong type is there.
    check_app(
        "[[route]]\npath = 1",
        &["wrong-type: `path` must be a string, but was a number |  | 1 | write `path = \"1\"`"],
    );
}

#[test]
fn reserved_keys() {
    let says = |name: &str, at: &str| {
        format!(
            "reserved-key: `{name}` is reserved for services, which this version does not have |  | {at} | \
             take it out; data of your own can stand under `[metadata]`"
        )
    };
    let cases = [
        ("[[upstream]]\nurl = 'x'", "upstream", "[[upstream]]"),
        ("[webhook]", "webhook", "[webhook]"),
        ("[[task]]\n[[task]]", "task", "[[task]]"),
        ("[events]", "events", "[events]"),
        ("[database.pool]", "database", "database"),
        ("cache = true", "cache", "cache"),
    ];
    for (text, name, at) in cases {
        check_app(text, &[&says(name, at)]);
    }
}

#[test]
fn metadata_that_json_lacks() {
    check_app(
        "[metadata]\na = inf\nb = [-nan]\nc = 1e999\nd = 9223372036854775808",
        &[
            "wrong-type: `inf` is not a number that JSON has, which metadata becomes |  | inf | write it as a string, or take it out",
            "wrong-type: `-nan` is not a number that JSON has, which metadata becomes |  | -nan | write it as a string, or take it out",
            "wrong-type: `1e999` is not a number that JSON has, which metadata becomes |  | 1e999 | write it as a string, or take it out",
            "wrong-type: `9223372036854775808` does not fit into 64 bits |  | 9223372036854775808 | write it as a string, or take it out",
        ],
    );
}

#[test]
fn syntax_errors() {
    check_app(
        "slug = ",
        &["syntax: string values must be quoted | expected literal string |  | put the value in quotes"],
    );
    // What begins as `inf` does.
    check_app(
        "slug = integrations",
        &["syntax: string values must be quoted | expected literal string | integrations | put the value in quotes"],
    );
    check_app(
        "slug = zoom",
        &["syntax: string values must be quoted | expected literal string | zoom | put the value in quotes"],
    );
    check_app("slug = 'zoom", &["syntax: invalid literal string | expected `'` |  | put `'` there"]);
    check_app("slug 'zoom'", &["syntax: key with no value | expected `=` |  | put `=` there"]);
    check_app("slug = 'a'\nslug = 'b'", &["duplicate-key: `slug` is given twice |  | slug | keep one of the two"]);
    check_app("[metadata]\na.b = 1\na.b = 2", &["duplicate-key: `b` is given twice |  | b | keep one of the two"]);
}

#[test]
fn a_syntax_error_does_not_cascade() {
    let cases = [
        // The list goes on to the end of the file, as far as anybody can know.
        ("aliases = ['a'\nname = 'x'\n[[route]]\npath = '/'\nfoo = 1", "missing comma between array elements"),
        ("name = '''x\nfoo = 1\n[[route]]\n", "invalid multi-line literal string"),
        // Keys under a header that cannot be read belong to nobody.
        ("[[route]\npath = '/'\nfoo = 1", "unclosed array table"),
        ("[[route]]\npath '/'", "key with no value"),
        ("[[route]]\nmethods = [GET, POST]\npath = '/'", "string values must be quoted"),
        ("name = 1 2", "string values must be quoted"),
        ("enabled = yes", "string values must be quoted"),
        ("metadata = { a = 1, b }", "invalid literal string"),
    ];
    for (text, message) in cases {
        let messages: Vec<_> = parse_app(text).1.into_iter().map(|problem| problem.message).collect();
        assert_eq!(messages, [message], "{text}");
    }
}

#[test]
fn independent_mistakes_come_back_at_once_and_in_order() {
    check_app(
        "slug = \nnmae = 'x'\n[[route]\npath = '/'\n[[assets]]\nfrom = 1\n[cache]\n",
        &[
            "syntax: string values must be quoted | expected literal string |  | put the value in quotes",
            "unknown-key: unknown key `nmae` |  | nmae | the nearest known key is `name`",
            "syntax: unclosed array table | expected `]` |  | put `]` there",
            "wrong-type: `from` must be a string, but was a number |  | 1 | write `from = \"1\"`",
            "reserved-key: `cache` is reserved for services, which this version does not have |  | [cache] | \
         take it out; data of your own can stand under `[metadata]`",
        ],
    );
}

#[test]
fn places_count_bytes_of_the_text_as_given() {
    let cases = ["\n", "\r\n"].map(|newline| ["\u{feff}# é会", "name = '会'", "slgu = 'é'", "[[route]]"].join(newline));
    for text in &cases {
        check_app(
            text,
            &[
                "unknown-key: unknown key `slgu` |  | slgu | the nearest known key is `slug`",
                "missing-key: missing key `path` in `[[route]]` |  | [[route]] | add `path = \"/...\"`",
            ],
        );
    }
}

#[test]
fn what_can_be_read_is_read() {
    let (app, problems) =
        parse_app("slug = 'zoom'\naliases = ['a', 1, 'b']\n[[route]]\n[[route]]\npath = '/'\nyields = 3");
    assert_eq!(problems.len(), 3);
    assert_eq!(app.slug.map(|it| it.value).as_deref(), Some("zoom"));
    assert_eq!(app.aliases.iter().map(|it| it.value.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(app.routes.iter().map(|it| it.path.value.as_str()).collect::<Vec<_>>(), ["/"]);
}

#[test]
fn what_a_syntax_error_touches_is_not_read() {
    let cases = [
        "slug = \n",
        "slug = zoom\"\n",
        "aliases = [\"a\nname = \"x\"\n",
        "aliases = [\n\"a\",\n\"b\nc\"\n]\n",
        "[[route]\npath = \"/\"\n",
        "[[route]]\npath = \n",
    ];
    for text in cases {
        let (app, problems) = parse_app(text);
        assert!(problems.iter().all(|it| it.code == "syntax"), "{text}: {problems:?}");
        assert_eq!(app, AppManifest::default(), "{text}");
    }
    let (host, _) = parse_host("[select]\nall = [\"a\"]\ndev = [\"b]\n");
    assert_eq!(host.select.iter().map(|it| it.name.value.as_str()).collect::<Vec<_>>(), ["all"]);
}

#[test]
fn deep_nesting_is_refused_or_read_but_never_overflows() {
    let dotted = vec!["a"; 79].join(".");
    // Each of the parser's levels holds a dotted key of nearly the length that it takes.
    let product = format!("[metadata.{dotted}]\n{}x = 1{}", format!("{dotted} = {{ ").repeat(78), " }".repeat(78));
    let (_, problems) = parse_app(&product);
    let messages: Vec<_> = problems.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages, ["metadata may be nested 100 deep, but this is deeper"]);
    for (open, close) in [("[", "]"), ("{a=", "}"), ("[{a=", "}]")] {
        for n in [70, 1_000, 100_000] {
            let (_, problems) = parse_app(&format!("metadata.x = {}1{}", open.repeat(n), close.repeat(n)));
            assert_eq!(problems.len(), usize::from(n > 70 || open.len() > 3), "{n} times {open}");
        }
    }
}
