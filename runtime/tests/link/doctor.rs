//! What works in a folder, tried there.

use std::fs;
use std::path::Path;

use bakehouse_runtime::link::{Diagnosis, Place, doctor};

use crate::site::{Planned, Site, borrowed, folded, zoom};
use crate::system::makes_symlinks;

const METHODS: [&str; 7] = ["symlink", "junction", "hardlink", "clone", "rename", "exchange", "lock"];

/// Tries the methods, and checks that nothing is left of that.
fn diagnose(site: &Site, public: &Path, plan: &[Planned]) -> Diagnosis {
    let names = |folder: &Path| -> Vec<_> {
        let mut names: Vec<_> = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        names
    };
    let folders = [site.path().to_owned(), site.root().join("meet"), public.to_owned()];
    let before = folders.each_ref().map(|folder| names(folder));
    let (root, state) = (site.root(), site.state());
    let diagnosis = doctor(&borrowed(plan), &Place { root: &root, public, state: &state });
    assert_eq!(folders.each_ref().map(|folder| names(folder)), before);
    assert_eq!(diagnosis.checks.iter().map(|check| check.method).collect::<Vec<_>>(), METHODS);
    diagnosis
}

fn why<'d>(diagnosis: &'d Diagnosis, method: &str) -> Option<&'d str> {
    diagnosis.checks.iter().find(|check| check.method == method)?.why.as_deref()
}

#[cfg(unix)]
#[test]
fn what_linking_needs_works_in_a_folder_of_ones_own() {
    let site = zoom();
    fs::create_dir(site.public()).unwrap();
    for plan in [folded(), vec![]] {
        let diagnosis = diagnose(&site, &site.public(), &plan);
        assert_eq!((diagnosis.is_fine(), &diagnosis.folder), (true, &site.public()), "{diagnosis:?}");
        for method in ["symlink", "hardlink", "rename", "lock"] {
            assert_eq!(why(&diagnosis, method), None);
        }
        assert!(why(&diagnosis, "junction").is_some_and(|why| why.starts_with("only Windows")));
        let clone = why(&diagnosis, "clone");
        assert!(clone.is_none_or(|why| why.contains("; copies are made byte by byte")), "{clone:?}");
    }
}

#[cfg(windows)]
#[test]
fn what_windows_has_works_and_what_it_lacks_is_told() {
    let site = zoom();
    fs::create_dir(site.public()).unwrap();
    let diagnosis = diagnose(&site, &site.public(), &folded());
    let tried = ["hardlink", "rename", "lock", "clone", "exchange"].map(|method| why(&diagnosis, method).is_none());
    assert_eq!(tried, [true, true, true, false, false], "{diagnosis:?}");
    assert_eq!(why(&diagnosis, "symlink").is_none(), makes_symlinks(), "{diagnosis:?}");
}

#[test]
fn a_public_folder_that_is_not_there_is_tried_where_it_would_be() {
    if !makes_symlinks() {
        return;
    }
    let site = zoom();
    let diagnosis = diagnose(&site, &site.path().join("a/b/public"), &folded());
    assert_eq!((diagnosis.is_fine(), diagnosis.folder.as_path()), (true, site.path()), "{diagnosis:?}");
}

#[test]
fn where_nothing_can_be_made_every_method_says_so() {
    let site = zoom();
    fs::write(site.path().join("file"), "").unwrap();
    let diagnosis = diagnose(&site, &site.path().join("file/public"), &folded());
    assert!(!diagnosis.is_fine());
    let expected = format!("`{}` is no folder; name another public folder", site.path().join("file").display());
    for method in ["symlink", "junction", "hardlink", "clone", "rename", "exchange"] {
        assert_eq!(why(&diagnosis, method), Some(expected.as_str()), "{method}");
    }
    assert_eq!(why(&diagnosis, "lock"), None, "the ledger lies elsewhere");
}

#[cfg(unix)]
#[test]
fn hard_links_are_tried_from_where_the_apps_are() {
    let Some(site) = Site::across_file_systems(&[("meet/logo.svg", "meet"), ("zoom/static/icon.svg", "icon")]) else {
        println!("skipped: there is no second file system");
        return;
    };
    let diagnosis = diagnose(&site, &site.public(), &folded());
    assert!(diagnosis.is_fine(), "{diagnosis:?}");
    let reason = why(&diagnosis, "hardlink");
    assert!(reason.is_some_and(|why| {
        why.ends_with("; put the public folder on the file system of the apps, or use mode `symlink`")
    }));
}
