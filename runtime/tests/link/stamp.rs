//! A run for which nothing has changed writes nothing, and says the same as a look at everything.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, SystemTime};

use bakehouse_runtime::link::{LinkMode, LinkOptions, Report};

use crate::site::{AUTO, COPY, HARDLINK, Planned, Site, file, folded, folder, in_mode, lazy_zoom, unfolded, zoom};

/// Links until a stamp could be taken: everything must have rested for a while.
fn stamped(site: &Site, plan: &[Planned], options: LinkOptions) {
    let stamp = site.ledger().with_extension("stamp");
    let gone = SystemTime::now() + Duration::from_secs(60);
    while !stamp.exists() {
        assert!(SystemTime::now() < gone, "no stamp was taken");
        site.link(plan, options);
    }
}

/// All of a report that does not differ from run to run.
fn essence(report: Report) -> String {
    let Report { planned, created, unchanged, replaced, deferred, removed, conflicts, failed, entries, notes, .. } =
        report;
    format!(
        "{planned} {created} {unchanged} {replaced} {deferred} {removed} {conflicts:?} {failed:?} {entries:?} {notes:?}"
    )
}

fn dry(options: LinkOptions) -> LinkOptions {
    LinkOptions { dry_run: true, ..options }
}

#[test]
fn nothing_is_written_and_the_report_is_that_of_a_whole_look() {
    for options in [AUTO, HARDLINK, COPY, LinkOptions { defer_lazy: true, ..AUTO }] {
        for plan in [folded(), unfolded(), lazy_zoom(&folded()), lazy_zoom(&unfolded())] {
            let site = zoom();
            stamped(&site, &plan, options);
            let before = site.everything();
            let report = site.link(&plan, options);
            assert_eq!(site.everything(), before);
            assert_eq!(essence(report), essence(site.link(&plan, dry(options))));
        }
    }
}

#[test]
fn whatever_changes_is_seen() {
    type Change = fn(&Site);
    let changes: [(&str, Change); 16] = [
        ("a link is gone", |site| fs::remove_file(site.public().join("meet.svg")).unwrap()),
        ("a link leads elsewhere", |site| {
            fs::remove_file(site.public().join("meet.svg")).unwrap();
            symlink("../elsewhere", site.public().join("meet.svg")).unwrap();
        }),
        ("something is in the way", |site| {
            fs::rename(site.public().join("zoom"), site.public().join("away")).unwrap();
            fs::write(site.public().join("zoom"), "mine").unwrap();
        }),
        ("a source is gone", |site| fs::remove_file(site.root().join("meet/logo.svg")).unwrap()),
        ("a source deep inside is gone", |site| fs::remove_file(site.root().join("zoom/static/img/1.png")).unwrap()),
        ("a source is a link", |site| {
            fs::rename(site.root().join("meet/logo.svg"), site.path().join("logo.svg")).unwrap();
            symlink("../../logo.svg", site.root().join("meet/logo.svg")).unwrap();
        }),
        ("an app's folder is a link to where it is now", |site| {
            fs::rename(site.root().join("zoom"), site.path().join("zoom")).unwrap();
            symlink("../zoom", site.root().join("zoom")).unwrap();
        }),
        ("a hidden file is new", |site| fs::write(site.root().join("zoom/static/.env"), "secret").unwrap()),
        ("a file deep inside is new", |site| fs::write(site.root().join("zoom/static/img/.env"), "secret").unwrap()),
        ("a folder inside is a link", |site| {
            fs::rename(site.root().join("zoom/static/img"), site.path().join("img")).unwrap();
            symlink("../../../img", site.root().join("zoom/static/img")).unwrap();
        }),
        ("a source has other bytes", |site| fs::write(site.root().join("meet/logo.svg"), "MEET").unwrap()),
        ("a source deep inside has other bytes and its old time", |site| {
            let source = site.root().join("zoom/static/img/1.png");
            let time = fs::metadata(&source).unwrap().modified().unwrap();
            fs::write(&source, "ONE").unwrap();
            fs::File::options().write(true).open(&source).unwrap().set_modified(time).unwrap();
        }),
        ("what was made has other bytes", |site| fs::write(site.public().join("meet.svg"), "MEET").unwrap()),
        ("the ledger is gone", |site| fs::remove_file(site.ledger()).unwrap()),
        ("the ledger was altered", |site| fs::write(site.ledger(), "bakehouse-ledger 1\n").unwrap()),
        ("the public folder is another one", |site| {
            fs::rename(site.public(), site.path().join("away")).unwrap();
            fs::create_dir(site.public()).unwrap();
        }),
    ];
    for (name, change) in changes {
        for options in [AUTO, HARDLINK, COPY] {
            for plan in [folded(), unfolded()] {
                for next in [plan.clone(), with_one_more(&plan), plan.split_last().unwrap().1.to_vec()] {
                    let site = zoom();
                    stamped(&site, &plan, options);
                    change(&site);
                    let foreseen = site.link(&next, dry(options));
                    assert_eq!(essence(site.link(&next, options)), essence(foreseen), "{name}");
                }
            }
        }
    }
}

fn with_one_more(plan: &[Planned]) -> Vec<Planned> {
    [plan, &[file("zoom.svg", "zoom/static/icon.svg")]].concat()
}

#[test]
fn what_is_vouched_for_is_as_after_a_whole_look() {
    let many = |prefix: &str| (0..9).map(|n| format!("{prefix}/{n}.svg")).collect::<Vec<_>>();
    let sources: Vec<String> =
        ["meet", "zoom/static", "zoom/static/img"].iter().flat_map(|folder| many(folder)).collect();
    let plan: Vec<Planned> = sources.iter().map(|source| file(format!("assets/{source}"), source)).collect();
    let nexts: [(&str, Vec<Planned>); 5] = [
        ("one fewer", plan.split_last().unwrap().1.to_vec()),
        ("one elsewhere", [&plan[1..], &[file("else.svg", &sources[0])]].concat()),
        ("one of another app", [&[file(format!("assets/{}", sources[0]), &sources[9])], &plan[1..]].concat()),
        ("one that has become a folder", [&[folder("assets/meet/0.svg", "zoom/static/img", &[])], &plan[1..]].concat()),
        ("some that are copies", [in_mode(&plan[..3], LinkMode::Copy), plan[3..].to_vec()].concat()),
    ];
    for (name, next) in nexts {
        let all: Vec<(&str, &str)> = sources.iter().map(|source| (source.as_str(), source.as_str())).collect();
        let (vouched, whole) = (Site::new(&all), Site::new(&all));
        stamped(&vouched, &plan, LinkOptions::default());
        stamped(&whole, &plan, LinkOptions::default());
        fs::remove_file(whole.ledger().with_extension("stamp")).unwrap();
        let reports = [&vouched, &whole].map(|site| essence(site.link(&next, LinkOptions::default())));
        assert_eq!(reports[0], reports[1], "{name}");
        let ledgers = [&vouched, &whole].map(|site| fs::read_to_string(site.ledger()).unwrap());
        let records = |ledger: &str| {
            ledger
                .lines()
                .filter(|line| line.contains(" assets") && !line.starts_with("copy"))
                .map(str::to_owned)
                .collect()
        };
        let [one, other]: [Vec<String>; 2] = [records(&ledgers[0]), records(&ledgers[1])];
        assert!(one.len() > 20 && one == other, "{name}: {one:?} {other:?}");
    }
}

#[test]
fn an_app_that_is_new_does_not_hide_that_another_is_a_link_now() {
    let site = zoom();
    stamped(&site, &unfolded(), AUTO);
    site.add_source(b"phone/logo.svg", "phone");
    fs::rename(site.root().join("zoom"), site.root().join("moved")).unwrap();
    symlink("moved", site.root().join("zoom")).unwrap();
    let plan = [unfolded(), vec![file("phone.svg", "phone/logo.svg")]].concat();
    let report = site.link(&plan, AUTO);
    assert_eq!((report.failed.len(), report.unchanged, report.created), (2, 1, 1), "{report:?}");
}

#[test]
fn another_plan_mode_or_option_is_another_run() {
    let site = zoom();
    stamped(&site, &folded(), AUTO);
    assert_eq!(site.link(&folded(), COPY).replaced, 2);
    stamped(&site, &folded(), COPY);
    assert_eq!(site.link(&unfolded(), COPY).planned, 3);
    let deferring = LinkOptions { defer_lazy: true, ..AUTO };
    let site = zoom();
    stamped(&site, &lazy_zoom(&folded()), deferring);
    assert_eq!(site.link(&lazy_zoom(&folded()), AUTO).created, 1);
}

#[test]
fn a_stamp_that_was_damaged_is_not_used() {
    let site = zoom();
    stamped(&site, &folded(), AUTO);
    fs::remove_file(site.public().join("meet.svg")).unwrap();
    let stamp = site.ledger().with_extension("stamp");
    for damaged in ["", "bakehouse-stamp 1\n", "bakehouse-stamp 2\n0000000000000000000000000000000000000000"] {
        fs::write(&stamp, damaged).unwrap();
        assert_eq!(site.link(&folded(), dry(AUTO)).created, 1);
    }
    assert_eq!(site.link(&folded(), AUTO).created, 1);
}

/// A file system takes its times from a clock that ticks every few milliseconds, so that two changes may look like one.
#[test]
fn what_is_replaced_within_the_same_tick_is_seen() {
    let (site, plan) = (zoom(), folded());
    for round in 0..400 {
        let bytes = format!("{round:04}");
        fs::write(site.root().join("meet/logo.svg"), &bytes).unwrap();
        fs::write(site.root().join("zoom/static/img/1.png"), &bytes).unwrap();
        site.link(&plan, COPY);
        assert_eq!((site.read("meet.svg"), site.read("zoom/img/1.png")), (bytes.clone(), bytes), "{round}");
    }
}

#[test]
fn what_comes_behind_a_folder_link_within_the_same_tick_is_seen() {
    let site = zoom();
    let secret = site.root().join("zoom/static/img/.env");
    for _ in 0..200 {
        site.link(&folded(), AUTO);
        assert!(site.public().join("zoom").is_symlink());
        fs::write(&secret, "secret").unwrap();
        let report = site.link(&folded(), AUTO);
        assert!(report.notes.len() == 1 && report.notes[0].contains("`zoom/static/img/.env`"), "{report:?}");
        assert!(!site.public().join("zoom/img/.env").exists());
        assert_eq!((site.read("zoom/icon.svg"), site.read("zoom/img/1.png")), ("icon".into(), "one".into()));
        fs::remove_file(&secret).unwrap();
    }
}
