//! Paths that nobody sends in good faith are answered as the naive matcher answers them: of any length and any bytes.

use bakehouse_oracle::compare::compare;
use bakehouse_oracle::find::Rules;
use bakehouse_oracle::generate::{Set, name_params};
use bakehouse_oracle::host::table_in;
use bakehouse_runtime::table::TrailingSlash;
use bakehouse_runtime::{Method, Methods, Table};

/// Longer than what two bytes can count.
const LONG: usize = 70_000;

#[test]
fn odd_paths() {
    let patterns = [
        "/{x}",
        "/a/{x}",
        "/a",
        "/a//",
        "//",
        "//{x}",
        "/{x}/",
        "/a/{*rest}",
        "/v{x}",
        "/{x}:go",
        "/{x}-{y}",
        "/é/{x}",
    ];
    let paths: [&[u8]; 32] = [
        b"",
        b"a",
        b"/",
        b"//",
        b"///",
        b"////",
        b"a/",
        b"a//",
        b"\0",
        b"/\0",
        b"/\0/",
        b"/\xff",
        b"/\xff/",
        b"/a/\xff\xfe",
        b"/a/\0",
        b"/a/",
        b"/a//",
        b"/a///",
        b"/v",
        b"/v\xff",
        b"/:go",
        b"/\xff:go",
        b"/-",
        b"/--",
        b"/---",
        b"/\xff-\0",
        b"/{x}",
        b"/{*rest}",
        b"/\xc3\xa9/1",
        b"/\xc3\x89/1",
        b"/\xc3/1",
        b"?",
    ];
    check(&patterns, &paths.map(<[u8]>::to_vec), &[Method::GET, Method::HEAD, Method::OTHER]);
}

#[test]
fn more_segments_than_a_pattern_can_have() {
    let params = name_params(&"/{}".repeat(64), "p");
    let literals = "/a".repeat(64);
    let slashes = "/".repeat(64);
    let catch_all = "/a".repeat(63) + "/{*rest}";
    let patterns = [params.as_str(), &literals, &slashes, &catch_all, "/{*rest}", "/a/{*rest}", "/{x}/b"];
    let lens = [1, 2, 3, 62, 63, 64, 65, 66, 127, 128, 129, 255, 256, 257, 300, 1_000];
    let repeated = |text: &'static str| lens.iter().flat_map(move |n| [text.repeat(*n), text.repeat(*n) + "/"]);
    let paths: Vec<Vec<u8>> = ["/a", "/", "/b", "/aa"].into_iter().flat_map(repeated).map(String::into_bytes).collect();
    check(&patterns, &paths, &[Method::GET]);
}

#[test]
fn paths_of_seventy_thousand_bytes() {
    let patterns = ["/{x}", "/a{x}", "/x/{y}", "/x/{*rest}", "/{*rest}", "/{x}/{y}", "/x/{y}:go", "/a"];
    let long = |byte: u8| vec![byte; LONG];
    let repeated = |text: &[u8]| text.repeat(LONG / text.len());
    let paths = [
        long(b'a'),
        long(b'/'),
        repeated(b"/a"),
        repeated(b"/a/"),
        [b"/", long(b'a').as_slice()].concat(),
        [b"/", long(b'\xff').as_slice()].concat(),
        [b"/", long(b'\0').as_slice(), b"/"].concat(),
        [b"/x/", long(b'b').as_slice()].concat(),
        [b"/x/", long(b'B').as_slice(), b":go"].concat(),
        [b"/x/", repeated(b"b/").as_slice()].concat(),
        [b"/X", long(b'/').as_slice()].concat(),
        [long(b'a').as_slice(), b"/"].concat(),
    ];
    check(&patterns, &paths, &[Method::GET]);
}

/// A length must not be told by its last bits, whatever a table cuts it to.
#[test]
fn literals_as_long_as_a_pattern_may_be() {
    let lens = [1, 254, 255, 256, 511, 15_990];
    let near = |n: usize| [n - 1, n, n + 1, n + 0x100, n + 0x4000, n + 0x1_0000];
    let text = |n| "a".repeat(n);
    let paths: Vec<Vec<u8>> = lens.into_iter().flat_map(near).map(|n| format!("/{}", text(n)).into_bytes()).collect();
    let below = |end: &[u8]| paths.iter().map(|path| [path, end].concat()).collect::<Vec<_>>();
    for (pattern, paths) in [
        ("/{}", below(b"")),
        ("/{}/{x}", below(b"/1")),
        ("/{}b{x}", below(b"b1")),
        ("/{x}/{}", paths.iter().map(|path| [b"/1", path.as_slice()].concat()).collect()),
        ("/{x}/{}/", paths.iter().map(|path| [b"/1", path.as_slice(), b"/"].concat()).collect()),
    ] {
        let patterns = lens.map(|n| pattern.replace("{}", &text(n)));
        check(&patterns.each_ref().map(String::as_str), &paths, &[Method::GET]);
    }
}

/// The text between params is looked for again behind each place where it was found, and never does the last one fit.
#[test]
fn segments_that_nearly_fit_at_every_byte() {
    let patterns = ["/{a}-{b}-{c}x", "/{a}--{b}", "/{a}-{b}/y", "/a{a}a{b}aa", "/{a}.{b}.{c}.{d}"];
    let texts = ["-", "a", ".", "-a", "a-", "-.", "a.a"];
    let nearly = |text: &str| [1, 2, 3, 4, 5, 30, 90].map(|n| "/".to_owned() + &text.repeat(n));
    let ending = |path: String| ["", "x", "/y", "/", "a"].map(|end| path.clone() + end);
    let paths = texts.into_iter().flat_map(nearly).flat_map(ending).map(String::into_bytes);
    check(&patterns, &paths.collect::<Vec<_>>(), &[Method::GET]);
}

/// Compares every path under every combination of rules.
#[track_caller]
fn check(patterns: &[&str], paths: &[Vec<u8>], methods: &[Method]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for slash in [TrailingSlash::Strict, TrailingSlash::Ignore, TrailingSlash::Redirect] {
        for ignore_case in [false, true] {
            let set =
                Set::new(Rules { ignore_case, slash }, patterns.iter().map(|it| ((*it).to_owned(), Methods::ALL)));
            let bytes = table_in(folder.path(), &set).unwrap_or_else(|told| panic!("{told}")).expect("it is baked");
            let table = Table::parse(&bytes).expect("the bake read it back");
            for (path, method) in paths.iter().flat_map(|path| methods.iter().map(move |method| (path, *method))) {
                let answer = compare(table, set.rules, &set.routes, method, path);
                assert!(answer.is_ok(), "{:.2000}", answer.unwrap_err());
            }
        }
    }
}
