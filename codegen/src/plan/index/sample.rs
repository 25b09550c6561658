//! Chooses what of the literal paths their hash is made of: a few of their bytes, if these tell all of them apart.

use bakehouse_runtime::table::hash::{self, Sample};

/// A path without a slash at its end, and whether there is one.
pub(super) type LiteralPath<'p> = (&'p str, bool);

/// Places are tried so far apart; the eight bytes at each overlap with those at the next.
const STRIDE: usize = 4;
/// So many paths that are still alike decide between places.
const MAX_JUDGES: usize = 4096;

/// What the hash of these paths, which are distinct, is made of.
///
/// One place is chosen after the other, each that which tells most of those paths apart that are still alike.
pub(super) fn sample(paths: &[LiteralPath<'_>]) -> Sample {
    let (a, alike) = place(paths.to_vec(), Sample::one);
    if alike.is_empty() {
        return Sample::one(a);
    }
    let (b, alike) = place(alike, |b| Sample::three([a, b, b]));
    let (c, alike) = place(alike, |c| Sample::three([a, b, c]));
    if alike.is_empty() { Sample::three([a, b, c]) } else { Sample::WHOLE }
}

/// The best place for a sample, and the paths that are still alike then.
fn place(paths: Vec<LiteralPath<'_>>, sample_with: impl Fn(u8) -> Sample) -> (u8, Vec<LiteralPath<'_>>) {
    let judges = paths.get(..MAX_JUDGES).unwrap_or(&paths);
    let longest = judges.iter().map(|(core, _)| core.len()).max().unwrap_or(0);
    let places = (0..=u8::MAX).step_by(STRIDE).take_while(|place| usize::from(*place) < longest);
    let best = places.min_by_key(|place| n_not_told_apart(judges, sample_with(*place))).unwrap_or(0);
    (best, alike(paths, sample_with(best)))
}

/// The paths whose hash another path has too, those of one hash side by side.
fn alike<'p>(paths: Vec<LiteralPath<'p>>, sample: Sample) -> Vec<LiteralPath<'p>> {
    let mut hashed: Vec<(u64, LiteralPath<'p>)> = paths.into_iter().map(|path| (hash(path, sample), path)).collect();
    hashed.sort_unstable();
    let alike = hashed.chunk_by(|one, other| one.0 == other.0).filter(|chunk| chunk.len() > 1);
    alike.flatten().map(|(_, path)| *path).collect()
}

/// How many more paths there are than hashes of them.
fn n_not_told_apart(paths: &[LiteralPath<'_>], sample: Sample) -> usize {
    let mut hashes: Vec<u64> = paths.iter().map(|path| hash(*path, sample)).collect();
    hashes.sort_unstable();
    hashes.dedup();
    paths.len() - hashes.len()
}

/// The hash of a path.
pub(super) fn hash((core, ends_in_slash): LiteralPath<'_>, sample: Sample) -> u64 {
    hash::path(core.as_bytes(), ends_in_slash, sample)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paths that differ in eight bytes at each of these places, and nowhere else.
    fn paths(places: &[usize], len: usize) -> Vec<String> {
        let path = |(place, letter): (&usize, char)| {
            let mut path = vec![b'a'; len];
            path[*place..place + 8].fill(letter as u8);
            String::from_utf8(path).unwrap()
        };
        places.iter().flat_map(|place| ['b', 'c'].map(|letter| path((place, letter)))).collect()
    }

    fn sample_of(paths: &[String]) -> Sample {
        sample(&paths.iter().map(|path| (path.as_str(), false)).collect::<Vec<_>>())
    }

    #[test]
    fn as_few_places_are_chosen_as_tell_all_paths_apart() {
        let cases = [
            (vec![], 100, Sample::one(0)),
            (vec![92], 100, Sample::one(0)), // by the end
            (vec![40], 100, Sample::one(36)),
            (vec![8, 40, 60], 100, Sample::three([4, 36, 56])),
            (vec![8, 24, 40, 60], 100, Sample::WHOLE),
            (vec![400], 500, Sample::WHOLE), // no place is that far
        ];
        for (places, len, expected) in cases {
            assert_eq!(sample_of(&paths(&places, len)), expected, "{places:?}");
        }
    }

    #[test]
    fn a_slash_at_the_end_and_the_length_tell_paths_apart() {
        let paths = [("", true), ("/a", false), ("/a", true), ("/aaaaaaaaa", false), ("/aaaaaaaaaa", false)];
        assert_eq!(sample(&paths), Sample::one(0));
    }
}
