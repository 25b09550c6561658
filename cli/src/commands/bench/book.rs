//! What was measured: a time a round for each part and contender, told as medians and ratios.

use std::time::Duration;

use serde_json::{Value, json};

use crate::output::Columns;

/// How a host goes about its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contender {
    /// As its manifests say.
    Default,
    /// With `BAKEHOUSE_LINK=copy` and `BAKEHOUSE_LOAD=eager`.
    CopyEager,
}

/// All that was measured.
#[derive(Default)]
pub(super) struct Book {
    parts: Vec<Part>,
    notes: Vec<String>,
}

/// What was measured of one part.
struct Part {
    name: &'static str,
    default: Vec<Duration>,
    /// Empty where there is nothing to compare with.
    copy_eager: Vec<Duration>,
}

impl Book {
    /// Adds the time of one round.
    pub(super) fn add(&mut self, part: &'static str, contender: Contender, time: Duration) {
        let idx = self.parts.iter().position(|known| known.name == part).unwrap_or_else(|| {
            self.parts.push(Part { name: part, default: Vec::new(), copy_eager: Vec::new() });
            self.parts.len() - 1
        });
        let Some(part) = self.parts.get_mut(idx) else { return };
        match contender {
            Contender::Default => part.default.push(time),
            Contender::CopyEager => part.copy_eager.push(time),
        }
    }

    /// Says what was left out, and why.
    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    pub(super) fn notes(&self) -> &[String] {
        &self.notes
    }

    pub(super) fn to_json(&self) -> Value {
        let part = |part: &Part| {
            let [default, copy_eager] = part.medians().map(|time| time.map(micros));
            json!({ "part": part.name, "default_us": default, "copy_eager_us": copy_eager, "ratio": part.ratio() })
        };
        self.parts.iter().map(part).collect()
    }

    pub(super) fn columns(&self) -> Columns {
        let mut columns = Columns::new(&[1, 2, 3]);
        columns.row(["", "default", "copy+eager", "ratio"]);
        for part in &self.parts {
            let [default, copy_eager] = part.medians().map(|time| time.map(shown).unwrap_or_default());
            let ratio = part.ratio().map(|ratio| format!("{ratio:.1}")).unwrap_or_default();
            columns.row([part.name.to_owned(), default, copy_eager, ratio]);
        }
        columns
    }
}

impl Part {
    fn medians(&self) -> [Option<Duration>; 2] {
        [median(&self.default), median(&self.copy_eager)]
    }

    /// How many times as long copying and loading all takes; none where nothing was compared.
    fn ratio(&self) -> Option<f64> {
        let [default, copy_eager] = self.medians();
        let (default, copy_eager) = (default?, copy_eager?);
        (!default.is_zero()).then(|| copy_eager.div_duration_f64(default))
    }
}

fn median(times: &[Duration]) -> Option<Duration> {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied()
}

/// Microseconds, to the nanosecond.
fn micros(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e9).round() / 1e3
}

/// A time in the unit that suits it: lookups take nanoseconds, copies seconds.
fn shown(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match time.as_nanos() {
        0..1_000 => format!("{} ns", time.as_nanos()),
        1_000..1_000_000 => format!("{:.1} us", seconds * 1e6),
        1_000_000..1_000_000_000 => format!("{:.1} ms", seconds * 1e3),
        _ => format!("{seconds:.2} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_told_as_medians_and_their_ratio() {
        let mut book = Book::default();
        for (default, copy_eager) in [(1, 30), (900, 20), (2, 10)] {
            book.add("link", Contender::Default, Duration::from_micros(default));
            book.add("link", Contender::CopyEager, Duration::from_micros(copy_eager));
        }
        book.add("find", Contender::Default, Duration::from_nanos(35));
        let told = "      default  copy+eager  ratio\nlink   2.0 us     20.0 us   10.0\nfind    35 ns\n";
        assert_eq!(book.columns().to_string(), told);
        let link = json!({ "part": "link", "default_us": 2.0, "copy_eager_us": 20.0, "ratio": 10.0 });
        assert_eq!((&book.to_json()[0], &book.to_json()[1]["ratio"]), (&link, &Value::Null));
    }
}
