//! What a killed run was about to do is noted for the next one. Cut short, altered or edited, it is not trusted to take
//! anything away either.

use std::fs;

use bakehouse_links::Strace;

use crate::scenario::{Scenario, UNFOLDING};

/// The run that is killed in the middle.
const KILLED: Scenario = UNFOLDING;

/// Files of somebody else's.
const CANARIES: [&str; 4] =
    ["outside/canary", "public/canary", "public/.bakehouse-mine/canary", "public/shared/canary"];

/// Kills runs in the middle, damages what each left by `damage`, and links: nothing that is not Bakehouse's is touched, and
/// the run ends well or says why.
fn check(damages: &[usize], damage: impl Fn(&[u8], usize) -> Vec<u8>) {
    let first = KILLED.site();
    let Some(strace) = Strace::new(first.dir()) else { return };
    let (_, calls) = strace.calls(&KILLED.command(&first));
    let middle = calls.iter().filter(|call| call.name == "symlinkat").nth(2).expect("an unfolding run makes links");
    let plan = KILLED.act.plan();
    KILLED.for_each(damages, |site, &n| {
        strace.kill(middle, &KILLED.command(site));
        let next = site.path(".bakehouse/public.next");
        let bytes = damage(&fs::read(&next).expect("a killed run leaves what it was about to do"), n);
        fs::write(&next, bytes).unwrap();
        for path in CANARIES {
            site.write(path, "canary");
        }
        let (run, again) = (site.link(plan), site.link(plan));
        assert!(run.is_civil() && again.is_civil(), "{n}: {run}\n{again}");
        for path in CANARIES {
            assert!(site.path(path).exists(), "{n}: `{path}` is gone: {run}\n{again}");
        }
        assert!(again.code == Some(0) || !again.stderr.is_empty(), "{n}: {again}");
    });
}

#[test]
fn it_is_cut_short() {
    let ends: Vec<usize> = (0..1200).step_by(17).collect();
    check(&ends, |bytes, end| bytes[..end.min(bytes.len())].to_vec());
}

#[test]
fn it_is_altered() {
    let places: Vec<usize> = (20..1200).step_by(17).collect();
    check(&places, |bytes, at| {
        let mut bytes = bytes.to_vec();
        let at = at.min(bytes.len() - 1);
        bytes[at] ^= 1;
        bytes
    });
}

/// It names somebody's folder as the one that it worked in, with a hash that is right.
#[test]
fn it_names_what_is_not_its_own() {
    let stages =
        [".bakehouse-mine", "shared", "../outside", "..", ".", "/", ".bakehouse-mine/..", ".bakehouse-/../../outside"];
    check(&(0..stages.len()).collect::<Vec<_>>(), |bytes, n| {
        let text = String::from_utf8_lossy(bytes);
        let (body, end) = text.trim_end().rsplit_once('\n').unwrap();
        let count = end.split(' ').nth(1).unwrap();
        let is_stage = |line: &&str| line.starts_with("stage ");
        assert!(body.lines().any(|line| is_stage(&line)), "{text}");
        let line = |line: &str| if is_stage(&line) { format!("stage {}\n", stages[n]) } else { format!("{line}\n") };
        let body: String = body.lines().map(line).collect();
        format!("{body}end {count} {:016x}\n", xxhash_rust::xxh3::xxh3_64(body.as_bytes())).into_bytes()
    });
}
