//! The store's app for public holidays: `/holidays/{country}/{year}.ics` and `.json`. The rules are the manifest's metadata.

mod rule;

use std::{collections::BTreeMap, fmt::Write as _, ops::RangeInclusive};

use bakehouse_sdk::{
    App, BoxError, Context, Error, Request, RequestExt, Response,
    http::{HeaderValue, StatusCode, header::CACHE_CONTROL},
    page::{answer, page},
};
use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};

use crate::rule::Rule;

/// The years for which the rules are known to give the right days.
const YEARS: RangeInclusive<i16> = 1900..=2199;

/// The app: each country's holidays.
#[derive(Debug)]
pub struct Holidays {
    countries: BTreeMap<String, Vec<(Rule, String)>>,
}

/// Makes the app.
///
/// # Errors
///
/// If the manifest's metadata has no countries, or a rule that is none.
#[expect(clippy::unused_async, reason = "a constructor is async, also where it awaits nothing")]
pub async fn app(ctx: &Context) -> Result<Holidays, BoxError> {
    let metadata: Value = serde_json::from_str(ctx.metadata())?;
    let countries = metadata["countries"].as_object().ok_or("the manifest's `[metadata]` must have `countries`")?;
    let countries = countries.iter().map(|(country, rules)| Ok((country.clone(), read(country, rules)?)));
    Ok(Holidays { countries: countries.collect::<Result<_, BoxError>>()? })
}

/// The holidays of a country, as the metadata has them: a table from rules to names.
fn read(country: &str, rules: &Value) -> Result<Vec<(Rule, String)>, BoxError> {
    let rules = rules.as_object().ok_or_else(|| format!("country `{country}` must be a table of rules"))?;
    let rules = rules.iter().map(|(rule, name)| {
        let name = name.as_str().ok_or_else(|| format!("holiday `{rule}` of country `{country}` must have a name"))?;
        let known =
            Rule::parse(rule).ok_or_else(|| format!("`{rule}` of country `{country}` is no rule for a holiday"))?;
        Ok((known, name.to_owned()))
    });
    rules.collect()
}

impl App for Holidays {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        let Some(country) = request.param("country") else {
            return Ok(page("Public holidays", "/app-assets/holidays/icon.svg", include_str!("home.html")));
        };
        let (country, year) = (country.decode()?, year(&request)?);
        let days = self.days(&country, year)?;
        let mut response = match request.pattern() {
            Some("/holidays/{country}/{year}.json") => answer("application/json", as_json(&days)),
            _ => answer("text/calendar; charset=utf-8", as_calendar(&country, &days)),
        };
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
        Ok(response)
    }
}

impl Holidays {
    /// The holidays of a country in a year, by day.
    fn days(&self, country: &str, year: i16) -> Result<Vec<(Date, &str)>, Error> {
        let rules = self.countries.get(country).ok_or_else(|| {
            let known = self.countries.keys().map(|country| format!("`{country}`")).collect::<Vec<_>>().join(", ");
            Error::new(StatusCode::NOT_FOUND, format!("no country is called `{country}`: there are {known}"))
        })?;
        let mut days: Vec<_> =
            rules.iter().filter_map(|(rule, name)| Some((rule.in_year(year)?, name.as_str()))).collect();
        days.sort_unstable();
        Ok(days)
    }
}

fn year(request: &Request) -> Result<i16, Error> {
    let written = request.param("year").ok_or_else(Error::not_found)?.decode()?;
    written.parse().ok().filter(|year| YEARS.contains(year)).ok_or_else(|| {
        let (first, last) = YEARS.into_inner();
        Error::bad_request(format!("the year must be one from {first} to {last}, but was `{written}`"))
    })
}

fn as_json(days: &[(Date, &str)]) -> String {
    let days: Vec<_> = days.iter().map(|(day, name)| json!({ "day": day.to_string(), "name": name })).collect();
    Value::from(days).to_string()
}

/// The holidays as whole days that leave everybody free (RFC 5545). Their lines are short enough not to be folded.
fn as_calendar(country: &str, days: &[(Date, &str)]) -> String {
    let mut file = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Bakehouse//Public holidays//EN\r\n".to_owned();
    for (day, name) in days {
        let (start, end) = (basic(*day), basic(day.saturating_add(1.day())));
        let name = name.replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;");
        // The same for the same day whenever it is made, so that a calendar which asks again keeps one event.
        let _ = write!(
            file,
            "BEGIN:VEVENT\r\nUID:{start}-{country}@holidays.bakehouse\r\nDTSTAMP:{start}T000000Z\r\n\
             DTSTART;VALUE=DATE:{start}\r\nDTEND;VALUE=DATE:{end}\r\nSUMMARY:{name}\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n"
        );
    }
    file + "END:VCALENDAR\r\n"
}

/// A day as calendars write it: `20270301`.
fn basic(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}
