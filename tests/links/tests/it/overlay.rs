//! Overlays, which is what a container's folders are: a folder of the lower layer can't be renamed, and there may be no
//! layer to write to.

use std::fs;
use std::path::{Path, PathBuf};

use bakehouse_links::Tree;

use crate::common::{BAKEHOUSE, CHANGED, OFFICE, Settled, is_true, office};
use crate::file_system::{Place, live};
use crate::scenario::rest;

fn folder(dir: &Path, name: &str) -> PathBuf {
    let path = dir.join(name);
    fs::create_dir(&path).unwrap();
    path
}

/// An overlay over `lower`, with nothing in its upper layer yet. Its upper layer lies on a tmpfs, because an overlay can't
/// lie on an overlay, which is what a container's own folders are on.
fn overlay(base: &Place, lower: &Path) -> Option<Place> {
    let (upper, work) = (folder(base.path(), "upper"), folder(base.path(), "work"));
    let layers = format!("lowerdir={},upperdir={},workdir={}", lower.display(), upper.display(), work.display());
    Place::new(|_| ["-t", "overlay", "-o", &layers, "bakehouse"].map(str::to_owned).to_vec())
}

#[test]
fn an_overlay() {
    let Some(base) = Place::tmpfs("8m") else { return };
    let lower = folder(base.path(), "lower");
    let Some(place) = overlay(&base, &lower) else { return };
    live(&BAKEHOUSE.site_in(place.path(), &[&OFFICE, &CHANGED]));
}

/// As in an image: the site was linked when the lower layer was made, and the plan changes above it. There, a folder of the
/// lower layer can't be renamed.
#[test]
fn an_overlay_whose_lower_layer_was_linked() {
    for (first, then) in [(&OFFICE, &CHANGED), (&CHANGED, &OFFICE), (&OFFICE, &OFFICE)] {
        let Some(base) = Place::tmpfs("8m") else { return };
        let lower = folder(base.path(), "lower");
        let below = BAKEHOUSE.site_in(&lower, &[&OFFICE, &CHANGED]);
        below.link(first).fine();
        let lower_tree = Tree::of(&lower);
        let Some(place) = overlay(&base, &lower) else { return };
        let site = below.seen_from(&lower, place.path());
        let run = site.link(then);
        assert_eq!(run.code, Some(0), "{run}");
        let fresh = office();
        fresh.link(first).fine();
        fresh.link(then).fine();
        let expected = Settled::of(&fresh);
        assert_eq!(site.everything().difference(&expected.everything), "", "{run}");
        site.link(then).fine();
        assert_eq!(is_true(&site, then), Ok(()));
        site.clean(then).fine();
        assert_eq!(site.tree(), Tree::default());
        assert_eq!(Tree::of(&lower).difference(&lower_tree), "", "the lower layer was written");
    }
}

/// An image that is run without a layer of its own.
#[test]
fn an_overlay_of_layers_that_are_read_only() {
    let Some(base) = Place::tmpfs("8m") else { return };
    let (lower, empty) = (folder(base.path(), "lower"), folder(base.path(), "empty"));
    let below = BAKEHOUSE.site_in(&lower, &[&OFFICE, &CHANGED]);
    for _ in 0..2 {
        below.link(&OFFICE).fine();
        rest();
    }
    let layers = format!("lowerdir={}:{}", empty.display(), lower.display());
    let Some(place) = Place::new(|_| ["-t", "overlay", "-o", &layers, "bakehouse"].map(str::to_owned).to_vec()) else {
        return;
    };
    let site = below.seen_from(&lower, place.path());
    let before = site.everything();
    let (run, changed, clean) = (site.link(&OFFICE), site.link(&CHANGED), site.clean(&OFFICE));
    for run in [run, changed, clean] {
        assert!(run.is_civil() && run.code == Some(1), "{run}");
        assert!(run.stderr.contains("Read-only file system") && run.stderr.contains("help: "), "{run}");
    }
    assert_eq!(site.everything().difference(&before), "");
}
