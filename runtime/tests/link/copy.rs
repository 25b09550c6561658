//! Copies and hard links against their sources.

use std::fs;

use crate::site::{COPY, HARDLINK, file, folded, zoom};

#[test]
fn a_copy_never_goes_stale() {
    let site = zoom();
    for bytes in ["aaaa", "bbbb", "cccc", "dd", "eeee"] {
        // Written at once after the run before: size and time may well be the same.
        fs::write(site.root().join("meet/logo.svg"), bytes).unwrap();
        fs::write(site.root().join("zoom/static/img/1.png"), bytes).unwrap();
        site.settle_with(&folded(), COPY);
        assert_eq!((site.read("meet.svg").as_str(), site.read("zoom/img/1.png").as_str()), (bytes, bytes));
    }
}

// What tells of a change whose time was set back is not to be had on Windows: std has no change time there.
#[cfg(unix)]
#[test]
fn a_copy_sees_a_source_whose_time_was_set_back() {
    let site = zoom();
    let source = site.root().join("meet/logo.svg");
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    for bytes in ["aaaa", "bbbb"] {
        fs::write(&source, bytes).unwrap();
        fs::File::options().write(true).open(&source).unwrap().set_modified(time).unwrap();
        site.settle_with(&folded(), COPY);
        assert_eq!(site.read("meet.svg"), bytes);
    }
}

#[cfg(unix)]
#[test]
fn permission_bits_come_along_with_a_copy() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = zoom();
    let source = site.root().join("meet/logo.svg");
    fs::set_permissions(&source, fs::Permissions::from_mode(0o4500)).unwrap();
    site.settle_with(&folded(), COPY);
    let mode = fs::metadata(site.public().join("meet.svg")).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o500);
}

#[test]
fn a_hard_link_edited_in_place_still_is_one() {
    let site = zoom();
    site.settle_with(&folded(), HARDLINK);
    fs::write(site.public().join("meet.svg"), "edited through it").unwrap();
    assert_eq!(site.settle_with(&folded(), HARDLINK).unchanged, 2);
    assert_eq!(site.clean(&[]).removed, 3);
    assert_eq!(fs::read_to_string(site.root().join("meet/logo.svg")).unwrap(), "edited through it");
}

#[test]
fn a_copy_of_one_file_is_not_taken_for_one_of_another_with_the_same_size_and_times() {
    for round in 0..50 {
        let site = zoom();
        let (one, other) = (format!("one {round:04}"), format!("two {round:04}"));
        site.add_source(b"zoom/a", &one);
        site.add_source(b"zoom/b", &other);
        site.link(&[file("x", "zoom/a")], COPY);
        site.link(&[file("x", "zoom/a")], COPY);
        site.link(&[file("x", "zoom/b")], COPY);
        assert_eq!(site.read("x"), other);
    }
}
