//! Every group that needs nothing from outside, at tiny sizes. What was measured is not looked at, but for its being there.

use bakehouse_benches::{GROUPS, Report, Scale, write_links, write_routes};

#[test]
fn every_group_measures() {
    let mut report = Report::default();
    for (name, measure) in GROUPS {
        measure(Scale::TINY, &mut report).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    for figure in [
        "rustc",
        "relocations",
        "runtime",
        "static",
        "cal.com-like",
        "link cold",
        "link unchanged",
        "loaded app",
        "start",
        "host start",
        "host request",
    ] {
        let found: Vec<_> = report.figures.iter().filter(|it| it.name.starts_with(figure)).collect();
        assert!(!found.is_empty(), "no figure of {figure}");
    }
    every_peer_is_in_the_matrix(&report);
    every_linker_is_in_the_table_of_a_site(&report);
}

fn every_peer_is_in_the_matrix(report: &Report) {
    let mut text = Vec::new();
    write_routes(&mut text, report).unwrap();
    let text = String::from_utf8(text).unwrap();
    let (_, sets) = text.split_once("\n## static").unwrap();
    let (literal, mixed) = sets.split_once("\n## cal.com-like").unwrap();
    for peer in ["matchit", "wayfind", "path-tree", "route-recognizer", "actix-router"] {
        let row = format!("\n| {peer} |");
        assert!(literal.contains(&row) && mixed.contains(&row), "no row of {peer}");
    }
    for map in ["phf", "HashMap", "hashbrown"] {
        let row = format!("\n| {map} |");
        assert!(literal.contains(&row) && !mixed.contains(&row), "{map} is for literal routes");
    }
}

fn every_linker_is_in_the_table_of_a_site(report: &Report) {
    let mut text = Vec::new();
    write_links(&mut text, report).unwrap();
    let text = String::from_utf8(text).unwrap();
    let (_, site) = text.split_once("\n## 9 files in 2 apps, ").unwrap();
    for contender in ["**Bakehouse**", "bare loop", "`stow`", "`lndir`", "`cp -r`", "`rsync -a`", "Node script"] {
        assert!(site.contains(&format!("\n| {contender} | ")), "no row of {contender}");
    }
}
