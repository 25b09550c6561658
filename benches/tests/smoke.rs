//! Every group that needs nothing from outside, at tiny sizes. What was measured is not looked at, but for its being there.

use bakehouse_benches::{GROUPS, Report, Scale};

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
    ] {
        let found: Vec<_> = report.figures.iter().filter(|it| it.name.starts_with(figure)).collect();
        assert!(!found.is_empty(), "no figure of {figure}");
    }
}
