//! When a holiday takes place: a rule as the manifest has it, and its day in a year.

use jiff::{
    ToSpan,
    civil::{Date, Weekday, date},
};

/// When a holiday takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Each year on one day.
    Fixed { month: i8, day: i8 },
    /// So many days after Easter Sunday, or before it.
    Easter { days: i16 },
    /// The first, second, … weekday of a month; the last one if `nth` is -1.
    Nth { nth: i8, weekday: Weekday, month: i8 },
}

impl Rule {
    /// Reads `05-01`, `easter+39`, `3 monday 01` or `last monday 05`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Some(days) = text.strip_prefix("easter") {
            let days = days.parse().ok().filter(|days| (-100..=100).contains(days))?;
            return Some(Self::Easter { days });
        }
        if let Some((month, day)) = text.split_once('-') {
            let (month, day) = (month.parse().ok()?, day.parse().ok()?);
            // A common year, so that a rule has a day in each.
            return Date::new(2027, month, day).is_ok().then_some(Self::Fixed { month, day });
        }
        let mut words = text.split(' ');
        let nth = match words.next()? {
            "last" => -1,
            nth => nth.parse().ok().filter(|nth| (1..=4).contains(nth))?,
        };
        let (weekday, month) = (weekday(words.next()?)?, words.next()?.parse().ok()?);
        ((1..=12).contains(&month) && words.next().is_none()).then_some(Self::Nth { nth, weekday, month })
    }

    /// Its day in a year from 1900 to 2199.
    pub(crate) fn in_year(self, year: i16) -> Option<Date> {
        match self {
            Self::Fixed { month, day } => Date::new(year, month, day).ok(),
            Self::Easter { days } => easter(year)?.checked_add(days.days()).ok(),
            Self::Nth { nth, weekday, month } => {
                Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
            }
        }
    }
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// Easter Sunday from 1900 to 2199, after Gauss: the first Sunday behind the first full moon of spring, as the church counts
/// moons.
fn easter(year: i16) -> Option<Date> {
    // In these centuries the moon's correction is 24; the days of the week shift in 2100.
    let week = if year < 2100 { 5 } else { 6 };
    let golden = year % 19;
    let moon = (19 * golden + 24) % 30;
    let sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + week) % 7;
    let day = 22 + moon + sunday;
    let is_late = day == 57 || day == 56 && moon == 28 && golden > 10;
    let days = day - 22 - if is_late { 7 } else { 0 };
    date(year, 3, 22).checked_add(days.days()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the tables of the book of common prayer and the United States Naval Observatory.
    #[test]
    fn easter_is_when_it_is() {
        for expected in [
            date(1900, 4, 15),
            date(1943, 4, 25),
            date(1954, 4, 18),
            date(1961, 4, 2),
            date(1981, 4, 19),
            date(2000, 4, 23),
            date(2008, 3, 23),
            date(2024, 3, 31),
            date(2027, 3, 28),
            date(2038, 4, 25),
            date(2049, 4, 18),
            date(2076, 4, 19),
            date(2100, 3, 28),
        ] {
            assert_eq!(easter(expected.year()), Some(expected));
        }
    }

    /// The other well-known way of reckoning, by Meeus, Jones and Butcher.
    #[test]
    fn two_ways_of_reckoning_agree() {
        for year in 1900..2200_i16 {
            let (golden, century, rest) = (year % 19, year / 100, year % 100);
            let moon = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
            let sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
            let day = moon + sunday - 7 * ((golden + 11 * moon + 22 * sunday) / 451) + 114;
            let expected = date(year, i8::try_from(day / 31).unwrap(), i8::try_from(day % 31 + 1).unwrap());
            assert_eq!(easter(year), Some(expected));
        }
    }

    #[test]
    fn rules_have_their_days() {
        for (rule, expected) in [
            ("01-06", date(2027, 1, 6)),
            ("easter-2", date(2027, 3, 26)),
            ("easter+0", date(2027, 3, 28)),
            ("easter+39", date(2027, 5, 6)),
            ("3 monday 01", date(2027, 1, 18)),
            ("last monday 05", date(2027, 5, 31)),
            ("4 thursday 11", date(2027, 11, 25)),
        ] {
            assert_eq!(Rule::parse(rule).and_then(|rule| rule.in_year(2027)), Some(expected), "{rule}");
        }
    }

    #[test]
    fn other_texts_are_no_rules() {
        for text in [
            "",
            "02-29",
            "13-01",
            "1-",
            "easter",
            "easter 1",
            "easter+400",
            "5 monday 01",
            "0 monday 01",
            "1 day 01",
            "1 monday 13",
            "1 monday",
            "1 monday 01 x",
        ] {
            assert_eq!(Rule::parse(text), None, "{text}");
        }
    }
}
