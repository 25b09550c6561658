//! Readers of what is being changed, and somebody who puts things into the public folder. Windows has no call that exchanges
//! two names: there a reader may find nothing in between.

use std::fs;
use std::path::Path;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use bakehouse_runtime::link::LinkOptions;
use rustix::fs::{CWD, RenameFlags, renameat_with};

use crate::site::{AUTO, COPY, HARDLINK, Planned, Site, file, folded, folder, unfolded, zoom};

/// Links plans in turn while somebody reads what all of them have.
///
/// Who is on the way through a folder while that is exchanged looks on in the one that was taken away; no system call
/// keeps a reader from that. So an asset is missing if it is not found twice in a row.
fn read_while(site: &Site, asset: &str, runs: &[(Vec<Planned>, LinkOptions)], n_rounds: usize) {
    let (is_over, n_reads) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                let path = site.public().join(asset);
                assert_eq!(fs::read(&path).or_else(|_| fs::read(&path)).unwrap(), b"icon");
                n_reads.fetch_add(1, Ordering::Relaxed);
            }
        });
        for (plan, options) in runs.iter().cycle().take(n_rounds * runs.len()) {
            let report = site.link(plan, *options);
            assert!(report.is_fine() && report.unchanged < plan.len(), "{report:?}");
        }
        is_over.store(true, Ordering::Relaxed);
        reader.join().unwrap();
    });
    assert!(n_reads.into_inner() > n_rounds);
}

#[test]
fn a_reader_never_misses_an_asset_while_a_folder_unfolds_and_folds() {
    let site = zoom();
    site.settle(&folded());
    read_while(&site, "zoom/icon.svg", &[(unfolded(), AUTO), (folded(), AUTO)], 150);
}

#[test]
fn a_reader_never_misses_an_asset_while_the_mode_changes() {
    let plans = [folded(), unfolded(), vec![folder("zoom", "zoom/static", &["icon.svg", "img/1.png"])]];
    for plan in plans {
        let site = zoom();
        site.settle(&plan);
        let runs = [COPY, AUTO, HARDLINK, COPY, HARDLINK, AUTO].map(|options| (plan.clone(), options));
        read_while(&site, "zoom/icon.svg", &runs, 15);
    }
}

/// Whenever it comes, before the survey, between that and the change, or after it: it is not lost.
#[test]
fn what_somebody_puts_in_the_way_at_any_moment_stays() {
    let (one, other) = ([file("a", "meet/logo.svg")], [folder("a", "zoom/static", &["icon.svg", "img/1.png"])]);
    let site = zoom();
    for round in 0..300_u64 {
        site.settle(if round % 2 == 0 { &one } else { &other });
        let mine = site.path().join(format!("mine {round}"));
        fs::write(&mine, "mine").unwrap();
        let start = Barrier::new(2);
        thread::scope(|scope| {
            scope.spawn(|| {
                start.wait();
                for _ in 0..round * 200 {
                    std::hint::spin_loop();
                }
                // What is there may be a folder, which only an exchange gets out of the way.
                put(&mine, &site.public().join("a"));
            });
            start.wait();
            site.link(if round % 2 == 0 { &other } else { &one }, [AUTO, COPY][usize::from(round % 3 == 0)]);
        });
        assert_eq!(site.read("a"), "mine", "{round}");
        fs::remove_file(site.public().join("a")).unwrap();
    }
    site.clean(&[]);
    assert_eq!(site.tree(), [""; 0]);
}

/// Puts a file at a path, whatever is there.
fn put(mine: &Path, at: &Path) {
    if renameat_with(CWD, mine, CWD, at, RenameFlags::EXCHANGE).is_err() {
        fs::rename(mine, at).unwrap();
    }
}
