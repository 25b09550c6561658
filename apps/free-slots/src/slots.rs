//! Slots of one length in the time that nobody is busy in.

use std::borrow::Cow;

use bakehouse_sdk::interfaces::Busy;
use jiff::Timestamp;

/// How far apart `from` and `to` may be, in seconds.
const LONGEST: i64 = 62 * 24 * 3600;

/// How short and how long a slot may be, in minutes.
const MINUTES: std::ops::RangeInclusive<u32> = 5..=1440;

/// How long a slot is if nobody says, in minutes.
const USUAL: u32 = 30;

/// What somebody looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// The first second, in Unix time.
    pub(crate) from: i64,
    /// The first second behind it, later than `from` by [`LONGEST`] at most.
    pub(crate) to: i64,
    /// In seconds, more than none.
    pub(crate) length: i64,
}

impl Wanted {
    /// What the query asks for.
    ///
    /// # Errors
    /// A sentence that names the parameter which is missing or wrong.
    pub(crate) fn from_query<'q>(param: impl Fn(&str) -> Option<Cow<'q, str>>) -> Result<Self, String> {
        let (from, to) = (time(&param, "from")?, time(&param, "to")?);
        if to <= from {
            return Err("`to` must be after `from`".to_owned());
        }
        if to - from > LONGEST {
            return Err("`from` and `to` must not be more than 62 days apart".to_owned());
        }
        Ok(Self { from, to, length: i64::from(minutes(&param)?) * 60 })
    }
}

fn time<'q>(param: &impl Fn(&str) -> Option<Cow<'q, str>>, name: &str) -> Result<i64, String> {
    const FORM: &str = "a time with its offset, as RFC 3339 has it: `2027-03-01T12:00:00Z`";
    let written = param(name).ok_or_else(|| format!("`{name}` is missing: it must be {FORM}"))?;
    let time = written.parse::<Timestamp>().map_err(|_| format!("`{name}` must be {FORM}, but was `{written}`"))?;
    Ok(time.as_second())
}

fn minutes<'q>(param: &impl Fn(&str) -> Option<Cow<'q, str>>) -> Result<u32, String> {
    let Some(written) = param("minutes").filter(|written| !written.is_empty()) else { return Ok(USUAL) };
    written.parse().ok().filter(|minutes| MINUTES.contains(minutes)).ok_or_else(|| {
        let (least, most) = MINUTES.into_inner();
        format!("`minutes` must be a number from {least} to {most}, but was `{written}`")
    })
}

/// The slots of the wanted length, one after the other from `from` on, that touch no time in `busy`, which is sorted.
pub(crate) fn free(wanted: &Wanted, busy: &[Busy]) -> impl Iterator<Item = Busy> {
    let Wanted { from, to, length } = *wanted;
    let starts = (0..).map(move |n| from + n * length);
    let slots = starts.map(move |from| Busy { from, to: from + length }).take_while(move |slot| slot.to <= to);
    slots.filter(|slot| {
        // The first that ends after the slot begins is the only one that can be in its way first.
        let next = busy.partition_point(|busy| busy.to <= slot.from);
        busy.get(next).is_none_or(|busy| busy.from >= slot.to)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_free_and_whole() {
        type Times = &'static [(i64, i64)];
        let cases: [(i64, Times, &[i64]); 6] = [
            (100, &[], &[0, 10, 20, 30, 40, 50, 60, 70, 80, 90]),
            (29, &[], &[0, 10]),
            (50, &[(10, 20)], &[0, 20, 30, 40]),
            (50, &[(9, 21)], &[30, 40]),
            (50, &[(12, 13), (31, 32), (39, 41)], &[0, 20]),
            (50, &[(0, 50)], &[]),
        ];
        for (to, busy, expected) in cases {
            let busy: Vec<_> = busy.iter().map(|(from, to)| Busy { from: *from, to: *to }).collect();
            let found: Vec<_> = free(&Wanted { from: 0, to, length: 10 }, &busy).collect();
            assert_eq!(found.iter().map(|slot| slot.from).collect::<Vec<_>>(), expected, "{busy:?} to {to}");
            assert!(found.iter().all(|slot| slot.to - slot.from == 10));
        }
    }

    #[test]
    fn names_the_parameter_that_is_wrong() {
        let wanted = |query: &[(&str, &'static str)]| {
            Wanted::from_query(|name| {
                query.iter().find(|(key, _)| *key == name).map(|(_, value)| Cow::Borrowed(*value))
            })
        };
        let (from, to) = (("from", "2027-03-01T08:00:00Z"), ("to", "2027-03-01T17:00:00Z"));
        let cases = [
            (&[to][..], "`from` is missing"),
            (&[from], "`to` is missing"),
            (&[from, ("to", "noon")], "`to` must be a time with its offset"),
            (&[from, ("to", "2027-03-01T08:00:00Z")], "`to` must be after `from`"),
            (&[from, ("to", "2027-05-03T08:00:00Z")], "`from` and `to` must not be more than 62 days apart"),
            (&[from, to, ("minutes", "4")], "`minutes` must be a number from 5 to 1440, but was `4`"),
            (&[from, to, ("minutes", "an hour")], "`minutes` must be"),
        ];
        for (query, expected) in cases {
            let error = wanted(query).unwrap_err();
            assert!(error.starts_with(expected), "{query:?}: {error}");
        }
        assert_eq!(wanted(&[from, to, ("minutes", "")]).unwrap().length, 1800);
    }
}
