//! Many runs at once.

use std::sync::Barrier;
use std::thread;

use crate::site::{AUTO, COPY, HARDLINK, file, folded, unfolded, zoom};

#[test]
fn many_at_once_end_as_one_alone() {
    for options in [AUTO, HARDLINK, COPY] {
        let (site, alone) = (zoom(), zoom());
        alone.settle_with(&unfolded(), options);
        let start = Barrier::new(8);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    start.wait();
                    let report = site.link(&unfolded(), options);
                    assert!(report.is_fine() && report.notes.is_empty(), "{report:?}");
                });
            }
        });
        assert_eq!((site.link(&unfolded(), options).unchanged, site.tree()), (3, alone.tree()));
        assert_eq!(site.clean(&[]).removed, 3);
        assert_eq!(site.tree(), [""; 0]);
    }
}

#[test]
fn many_at_once_with_plans_of_their_own_end_as_the_last_one() {
    let site = zoom();
    let plans = [folded(), unfolded(), vec![file("zoom", "meet/logo.svg")], vec![]];
    thread::scope(|scope| {
        for (n, plan) in plans.iter().cycle().take(8).enumerate() {
            let site = &site;
            let options = [AUTO, COPY][n % 2];
            scope.spawn(move || {
                for _ in 0..10 {
                    let report = site.link(plan, options);
                    assert!(report.is_fine(), "{report:?}");
                }
            });
        }
    });
    for plan in plans {
        site.settle(&plan);
    }
    assert_eq!(site.tree(), [""; 0]);
}
