//! Cleaning takes away what was made, and nothing else.

use std::fs;

use crate::site::{AUTO, COPY, HARDLINK, folded, text, unfolded, zoom};

#[test]
fn clean_takes_away_what_was_made_and_nothing_else() {
    for options in [AUTO, HARDLINK, COPY] {
        for plan in [folded(), unfolded()] {
            let site = zoom();
            fs::create_dir(site.public()).unwrap();
            fs::write(site.public().join("index.html"), "mine").unwrap();
            site.settle_with(&plan, options);
            let cleaned = site.clean(&[]);
            assert!(cleaned.kept.is_empty() && cleaned.removed >= 2);
            assert_eq!(site.tree(), ["index.html"]);
            assert!(!site.state().exists());
            assert_eq!(site.clean(&[]).removed, 0);
            assert_eq!(fs::read_to_string(site.root().join("zoom/static/icon.svg")).unwrap(), "icon");
        }
    }
}

#[test]
fn clean_keeps_what_somebody_changed() {
    for options in [AUTO, HARDLINK, COPY] {
        let site = zoom();
        site.settle_with(&unfolded(), options);
        let icon = site.public().join("zoom/icon.svg");
        fs::remove_file(&icon).unwrap();
        fs::write(&icon, "mine").unwrap();
        let cleaned = site.clean(&[]);
        let kept: Vec<_> = cleaned.kept.iter().map(|kept| text(&kept.path)).collect();
        assert_eq!((cleaned.removed, kept.as_slice()), (2, ["zoom/icon.svg".to_owned()].as_slice()));
        assert!(cleaned.kept[0].why.contains("a file"), "{:?}", cleaned.kept);
        assert_eq!(site.tree(), ["zoom/", "zoom/icon.svg"]);

        let again = site.clean(&[]);
        assert_eq!((again.removed, site.read("zoom/icon.svg").as_str()), (0, "mine"));
        fs::remove_file(&icon).unwrap();
        site.clean(&[]);
        assert_eq!(site.tree(), [""; 0]);
        assert!(!site.state().exists());
    }
}

#[test]
fn clean_can_be_told_which_apps() {
    let site = zoom();
    site.settle(&unfolded());
    assert_eq!(site.clean(&["zoom"]).removed, 2);
    assert_eq!(site.tree(), ["meet.svg"]);
    assert_eq!(site.clean(&["nobody"]).removed, 0);
    assert_eq!(site.clean(&["meet", "zoom"]).removed, 1);
}
