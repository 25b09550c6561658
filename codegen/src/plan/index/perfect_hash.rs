//! Finds perfect hashes, which [`bakehouse_runtime::table::hash`] describes.

use bakehouse_runtime::table::hash;

use super::{NoPerfectHash, Target};

/// A perfect hash from 64-bit keys to targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PerfectHash {
    /// The pilots, one a bucket.
    pub pilots: Pilots,
    /// Each key's fingerprint and target, in its slot; at least one slot.
    pub slots: Vec<Option<(u32, Target)>>,
}

/// The pilots of a perfect hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pilots {
    /// One for all keys.
    One(u32),
    /// One a bucket.
    Each(Vec<u8>),
}

/// Up to so many keys have as many slots as there are.
const MAX_DENSE: usize = 8;
/// Up to so many keys have one pilot.
const MAX_SMALL: usize = 16;
/// How often one pilot is tried for all keys; a few hundred are enough nearly always.
const MAX_TRIES: u32 = 1 << 16;
/// How many keys a bucket has on average.
const BUCKET_LEN: usize = 3;
/// How often slots are added, a thirty-second each time, before a search is given up. Once is rare.
const MAX_GROWTHS: usize = 64;

impl PerfectHash {
    /// A perfect hash of these keys, which have to be distinct, each with its target.
    pub(super) fn new(keys: &[u64], targets: &[Target]) -> Result<Self, NoPerfectHash> {
        let n_least = if keys.len() <= MAX_DENSE { keys.len().max(1) } else { keys.len() + keys.len() / 2 };
        let small = (keys.len() <= MAX_SMALL).then(|| one_pilot(keys, n_least)).flatten();
        let (pilots, n_slots) = small.or_else(|| pilots(keys)).ok_or(NoPerfectHash { n_keys: keys.len() })?;
        let mut slots = vec![None; n_slots as usize];
        for (key, target) in keys.iter().zip(targets) {
            let slot = hash::slot(*key, pilots.of(*key), n_slots);
            slots[slot as usize] = Some((hash::fingerprint(*key), *target));
        }
        Ok(Self { pilots, slots })
    }
}

impl Pilots {
    fn of(&self, key: u64) -> u32 {
        match self {
            Self::One(pilot) => *pilot,
            Self::Each(pilots) => pilots[hash::bucket(key, count(pilots)) as usize].into(),
        }
    }
}

/// A count that a table can hold; more keys make it too large in any case.
fn count<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}

fn one_pilot(keys: &[u64], n_slots: usize) -> Option<(Pilots, u32)> {
    let n_slots = u32::try_from(n_slots).ok()?;
    let is_perfect = |pilot: &u32| {
        let mut taken = 0u64;
        keys.iter().all(|key| {
            let bit = 1 << hash::slot(*key, *pilot, n_slots);
            let is_free = taken & bit == 0;
            taken |= bit;
            is_free
        })
    };
    (0..MAX_TRIES).find(is_perfect).map(|pilot| (Pilots::One(pilot), n_slots))
}

/// Pilots of small buckets, and the number of slots.
fn pilots(keys: &[u64]) -> Option<(Pilots, u32)> {
    let n_buckets = u32::try_from((keys.len() / BUCKET_LEN + 1).next_power_of_two()).ok()?;
    let buckets = buckets(keys, n_buckets);
    let mut n_slots = u32::try_from(keys.len() + keys.len() / 4 + 1).ok()?;
    for _ in 0..MAX_GROWTHS {
        if let Some(pilots) = place(&buckets, n_slots) {
            return Some((Pilots::Each(pilots), n_slots));
        }
        n_slots = n_slots.checked_add(n_slots / 32 + 1)?;
    }
    None
}

fn buckets(keys: &[u64], n_buckets: u32) -> Vec<Vec<u64>> {
    let mut buckets = vec![Vec::new(); n_buckets as usize];
    for key in keys {
        buckets[hash::bucket(*key, n_buckets) as usize].push(*key);
    }
    buckets
}

/// A pilot for each bucket, the largest first, that sends its keys to slots that are free.
fn place(buckets: &[Vec<u64>], n_slots: u32) -> Option<Vec<u8>> {
    let mut order: Vec<usize> = (0..buckets.len()).collect();
    order.sort_by_key(|bucket| std::cmp::Reverse(buckets[*bucket].len()));
    let mut is_taken = vec![false; n_slots as usize];
    let mut pilots = vec![0; buckets.len()];
    let mut slots = Vec::new();
    for bucket in order {
        let mut is_free = |pilot: &u8| {
            slots.clear();
            buckets[bucket].iter().all(|key| {
                let slot = hash::slot(*key, u32::from(*pilot), n_slots) as usize;
                let is_free = !is_taken[slot] && !slots.contains(&slot);
                slots.push(slot);
                is_free
            })
        };
        pilots[bucket] = (0..=u8::MAX).find(&mut is_free)?;
        slots.drain(..).for_each(|slot| is_taken[slot] = true);
    }
    Some(pilots)
}
