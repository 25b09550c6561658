//! Where the public folder and the folder of the apps may be.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::Path;

use bakehouse_runtime::link::{LinkOptions, Place, link, state_dir};

use crate::site::{AUTO, COPY, HARDLINK, Site, file, folded, folder, unfolded, zoom};

#[test]
fn a_public_folder_that_cannot_be_made_is_an_error_with_its_path() {
    let site = zoom();
    let below_a_file = site.root().join("meet/logo.svg/public");
    let place = Place { root: &site.root(), public: &below_a_file, state: &site.state() };
    let error = link(&[], |_| "zoom", 0, &place, &LinkOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), format!("failed to make the public folder `{}`", below_a_file.display()));
    assert!(std::error::Error::source(&error).is_some() && !error.help().is_empty());

    let a_file = site.root().join("meet/logo.svg");
    let place = Place { public: &a_file, ..place };
    assert_eq!(link(&[], |_| "zoom", 0, &place, &LinkOptions::default()).unwrap_err().path(), a_file);
}

#[test]
fn a_missing_folder_of_the_apps_is_an_error() {
    let site = Site::new(&[]);
    fs::remove_dir(site.root()).unwrap();
    let error = site.try_link(&[], LinkOptions::default()).unwrap_err();
    assert!(error.to_string().starts_with("failed to open the folder of the apps"), "{error}");
    assert!(!site.public().exists());
}

#[test]
fn the_public_folder_may_be_a_link_to_somewhere_else() {
    let site = zoom();
    let elsewhere = site.path().join("var/www/deep");
    fs::create_dir_all(&elsewhere).unwrap();
    symlink(&elsewhere, site.public()).unwrap();
    site.settle(&unfolded());
    assert_eq!(fs::read_link(elsewhere.join("meet.svg")).unwrap(), Path::new("../../../apps/meet/logo.svg"));
    assert_eq!(state_dir(&site.public()), site.state());
}

#[test]
fn the_folder_of_the_apps_may_be_a_link_too() {
    let site = zoom();
    fs::rename(site.root(), site.path().join("checkout")).unwrap();
    symlink("checkout", site.root()).unwrap();
    site.settle(&folded());
    assert_eq!(site.read_link("zoom"), "../checkout/zoom/static");
}

#[test]
fn a_source_is_never_taken_for_its_own_link() {
    for options in [AUTO, HARDLINK, COPY] {
        let site = zoom();
        fs::hard_link(site.root().join("meet/logo.svg"), site.path().join("another name")).unwrap();
        symlink("apps", site.public()).unwrap();
        let before = fs::metadata(site.root().join("meet/logo.svg")).unwrap().ino();
        let plan = [file("meet/logo.svg", "meet/logo.svg"), folder("zoom/static", "zoom/static", &["icon.svg"])];
        let report = site.link(&plan, options);
        assert_eq!((report.failed.len(), report.conflicts.len(), report.created), (2, 0, 0), "{report:?}");
        assert!(report.failed[0].problem.contains("its own source"), "{report:?}");
        assert_eq!(site.clean(&[]).removed, 0);
        assert_eq!(fs::metadata(site.root().join("meet/logo.svg")).unwrap().ino(), before);
        assert_eq!(site.read("zoom/static/icon.svg"), "icon");
    }
}
