//! Whatever was linked before, a plan ends in the same tree, and what somebody else put there stays.

use std::fs;
use std::path::Path;

use bakehouse_runtime::link::{LinkMode, LinkOptions};

use crate::site::{Planned, Site, file, folder};
use crate::system::modes;

/// wine takes a second or two for each.
const ROUNDS: usize = if cfg!(windows) { 6 } else { 60 };

/// Random numbers that are the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn mode(&mut self) -> LinkMode {
        let modes = modes();
        modes[usize::try_from(self.roll(modes.len() as u64)).unwrap()]
    }

    /// A plan over the same few names, so that files, folders and folded folders take each other's places.
    fn plan(&mut self, below: &str, depth: u32, plan: &mut Vec<Planned>) {
        for name in ["0", "a", "a-b", "b"] {
            let path = format!("{below}{name}");
            let planned = match self.roll(6) {
                0 => file(&path, ["zoom/s/x", "zoom/s/d/y", "meet/logo"][usize::try_from(self.roll(3)).unwrap()]),
                1 if self.roll(2) == 0 => folder(&path, "zoom/s", &["d/y", "x"]),
                1 => folder(&path, "zoom/s/d", &["y"]),
                2 => folder(&path, "meet/empty", &[]),
                3 | 4 if depth < 3 => {
                    self.plan(&format!("{path}/"), depth + 1, plan);
                    continue;
                }
                _ => continue,
            };
            plan.extend(crate::site::in_mode(&[planned], self.mode()));
        }
    }
}

fn site() -> Site {
    let site = Site::new(&[("zoom/s/x", "x"), ("zoom/s/d/y", "y"), ("meet/logo", "logo")]);
    fs::create_dir(site.root().join("meet/empty")).unwrap();
    site
}

fn random_plan(dice: &mut Dice) -> Vec<Planned> {
    let mut plan = Vec::new();
    dice.plan("", 0, &mut plan);
    plan.sort_by(|one, other| one.public.cmp(&other.public));
    plan
}

#[test]
fn any_sequence_of_plans_ends_as_if_the_last_had_been_the_first() {
    let (site, mut dice) = (site(), Dice(0x5eed));
    for _ in 0..ROUNDS {
        let plan = random_plan(&mut dice);
        site.settle(&plan);
        let fresh = self::site();
        fresh.settle(&plan);
        assert_eq!(site.tree(), fresh.tree());
    }
    assert!(site.clean(&[]).kept.is_empty());
    assert_eq!(site.tree(), [""; 0]);
}

#[test]
fn what_somebody_else_put_anywhere_stays_whatever_the_plan() {
    let (site, mut dice) = (site(), Dice(0xf00d));
    let (mut n_conflicts, mut n_linked) = (0, 0);
    for _ in 0..ROUNDS {
        site.settle(&random_plan(&mut dice));
        let Some(foreign) = put_somewhere(&site, &mut dice) else { continue };
        let before = site.everything_but_the_lock();
        let report = site.link(&random_plan(&mut dice), LinkOptions::default());
        if report.conflicts.is_empty() {
            n_linked += 1;
        } else {
            n_conflicts += 1;
            assert_eq!(site.everything_but_the_lock(), before);
        }
        assert_eq!(fs::read_to_string(&foreign).unwrap(), "mine");
        assert_eq!(fs::read_to_string(site.root().join("zoom/s/x")).unwrap(), "x");
        fs::remove_file(&foreign).unwrap();
    }
    assert!(n_conflicts > ROUNDS / 12 && n_linked > ROUNDS / 12, "{n_conflicts} {n_linked}");
    assert!(site.clean(&[]).kept.is_empty());
    assert_eq!(site.tree(), [""; 0]);
}

/// Puts a file at a name that plans use, in a real folder or in place of something linked.
fn put_somewhere(site: &Site, dice: &mut Dice) -> Option<std::path::PathBuf> {
    let tree = site.tree();
    let folders: Vec<&str> =
        std::iter::once("").chain(tree.iter().map(String::as_str).filter(|p| p.ends_with('/'))).collect();
    let folder = folders[usize::try_from(dice.roll(folders.len() as u64)).unwrap()];
    let name = ["0", "a", "a-b", "b", "x"][usize::try_from(dice.roll(5)).unwrap()];
    let path = site.public().join(folder).join(name);
    match fs::symlink_metadata(&path) {
        Ok(metadata) if metadata.is_dir() => return None,
        Ok(_) => fs::remove_file(&path).unwrap(),
        Err(_) => {}
    }
    fs::write(&path, "mine").unwrap();
    Path::new(&path).exists().then_some(path)
}
