//! Which known name somebody probably meant.

use bakehouse_manifest::nearest;

#[test]
fn table() {
    let cases: [(&str, &[&str], Option<&str>); 22] = [
        ("slgu", &["name", "slug"], Some("slug")),
        ("zomo", &["room", "zoom"], Some("zoom")),
        ("zoom", &["zoom"], Some("zoom")),
        ("ZOOM", &["room", "zoom"], Some("zoom")),
        ("aliasses", &["slug", "aliases"], Some("aliases")),
        ("manifest_names", &["manifest-name", "manifest-names"], Some("manifest-names")),
        ("a_b_c_d_e_f", &["a-b-c-d-e-f"], Some("a-b-c-d-e-f")),
        ("googlecalendar", &["google-meet", "google-calendar"], Some("google-calendar")),
        ("teams", &["zoom", "google-meet"], None),
        // Close enough: a third of the bytes, 1 at least, 2 from four bytes on.
        ("abc", &["abd"], Some("abd")),
        ("abc", &["ade"], None),
        ("abcd", &["abef"], Some("abef")),
        ("abcd", &["aefg"], None),
        ("abcdefghi", &["abcdefxyz"], Some("abcdefxyz")),
        ("abcdefghi", &["abcdewxyz"], None),
        ("to", &["too"], Some("too")),
        ("a", &["b"], None),
        ("", &["", "a"], None),
        // The first of equally near ones; a nearer one wherever it stands.
        ("cat", &["bat", "rat"], Some("bat")),
        ("catalog", &["catalyst", "cataloge", "dialog"], Some("cataloge")),
        ("résumé", &["resume"], None),
        ("zoom", &[], None),
    ];
    for (wanted, known, expected) in cases {
        assert_eq!(nearest(wanted, known.iter().copied()), expected, "{wanted} among {known:?}");
    }
}

/// Optimal string alignment straight from its definition.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let (Some((&x, a_rest)), Some((&y, b_rest))) = (a.split_last(), b.split_last()) else { return a.len() + b.len() };
    let mut least =
        (distance(a_rest, b_rest) + usize::from(x != y)).min(distance(a_rest, b) + 1).min(distance(a, b_rest) + 1);
    if a.len() > 1 && b.len() > 1 && a[a.len() - 2] == y && b[b.len() - 2] == x {
        least = least.min(distance(&a[..a.len() - 2], &b[..b.len() - 2]) + 1);
    }
    least
}

#[test]
fn agrees_with_the_definition() {
    let words: Vec<String> = (0..4_u32.pow(4))
        .map(|n| (0..n % 5 + 2).map(|idx| ['a', 'b', 'c', 'd'][(n >> (idx % 4 * 2)) as usize % 4]).collect())
        .collect();
    for wanted in words.iter().step_by(7) {
        let limit = if wanted.len() < 4 { 1 } else { 2 };
        let best =
            words.iter().map(|name| distance(wanted.as_bytes(), name.as_bytes())).min().filter(|it| *it <= limit);
        let found = nearest(wanted, words.iter().map(String::as_str));
        let found = found.map(|name| distance(wanted.as_bytes(), name.as_bytes()));
        assert_eq!(found, best, "{wanted}");
        let others = || words.iter().filter(|name| *name != wanted).map(String::as_str);
        let best = others().map(|name| distance(wanted.as_bytes(), name.as_bytes())).min().filter(|it| *it <= limit);
        let found = nearest(wanted, others()).map(|name| distance(wanted.as_bytes(), name.as_bytes()));
        assert_eq!(found, best, "{wanted} among the others");
    }
}

#[test]
fn a_name_of_any_length_is_fine() {
    let long = "a".repeat(1 << 20);
    assert_eq!(nearest(&long, ["a", long.as_str()]), None);
}
