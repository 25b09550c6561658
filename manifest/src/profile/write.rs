//! A profile as JSON: an app a line, so that a change can be read in a diff.

use std::fmt::Write as _;

use super::{AppUse, Profile, Reason, VERSION};
use crate::json::{push_joined, push_string};

impl Profile {
    /// The profile as a text that [`Profile::parse`] reads. The same profile gives the same bytes.
    pub fn to_json(&self) -> String {
        let mut json = format!("{{\"version\":{VERSION},\"runs\":{},\"apps\":", self.runs);
        push_joined(&mut json, ['[', ']'], &self.apps, |json, app| {
            json.push('\n');
            push_app(json, app);
        });
        json + "}\n"
    }
}

fn push_app(json: &mut String, app: &AppUse) {
    json.push_str("{\"slug\":");
    push_string(json, &app.slug);
    let numbers = [
        ("runs", app.runs),
        ("early_runs", app.early_runs),
        ("first_use_us", app.first_use_us),
        ("hits", app.hits),
        ("loads", app.loads),
        ("load_us", app.load_us),
    ];
    for (name, number) in numbers {
        // Writing into a string cannot fail.
        let _ = write!(json, ",\"{name}\":{number}");
    }
    json.push_str(",\"why\":");
    push_joined(json, ['[', ']'], &app.why, |json, (why, loads)| push_why(json, why, *loads));
    json.push('}');
}

fn push_why(json: &mut String, why: &Reason, loads: u64) {
    let (name, of) = why.parts();
    let _ = write!(json, "{{\"why\":\"{name}\"");
    if let Some(of) = of {
        json.push_str(",\"of\":");
        push_string(json, of);
    }
    let _ = write!(json, ",\"loads\":{loads}}}");
}

impl Reason {
    /// The name of the reason, and the pattern or slug that goes with it.
    fn parts(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::Call => ("call", None),
            Self::Preload(pattern) => ("preload", Some(pattern)),
            Self::Required(slug) => ("required", Some(slug)),
            Self::Route(pattern) => ("route", Some(pattern)),
            Self::Start => ("start", None),
            Self::Used(slug) => ("used", Some(slug)),
            Self::WarmUp => ("warm-up", None),
        }
    }
}
