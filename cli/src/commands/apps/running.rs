//! `apps --host` and `apps --report`: what became of the apps on a running host, by what its `/metrics` says.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::super::Ctx;
use super::ask;
use crate::failure::{Failure, Trouble};
use crate::output::Columns;
use crate::output::text::{Time, count, shown};

/// Where a report comes from.
pub(super) enum Origin<'a> {
    /// The host at this address.
    Host(&'a str),
    /// A file, or stdin for `-`.
    File(&'a Path),
}

/// Says what became of one app, or of each.
pub(super) fn tell(origin: &Origin<'_>, app: Option<&str>, ctx: &mut Ctx) -> Result<(), Failure> {
    let apps = read(origin)?;
    let one = app.map(|name| find(&apps, name, origin)).transpose()?;
    if ctx.out.is_json() {
        return one.map_or(&*apps, std::slice::from_ref).iter().try_for_each(|app| ctx.out.json(app));
    }
    match one {
        Some(app) => ctx.out.text(described(app)),
        None => ctx.out.text(listed(&apps)),
    }
}

/// The apps of a report.
fn read(origin: &Origin<'_>) -> Result<Vec<Value>, Failure> {
    let bytes = match origin {
        Origin::Host(host) => ask::metrics(host)?,
        Origin::File(path) => read_file(path)?,
    };
    let wrong = || Trouble::new(format!("{} is not a report of a host", name(origin)));
    let help = "a report is what `/metrics` of a running host answers in JSON; `--host ADDR` asks the host itself";
    let mut report: Value =
        serde_json::from_slice(&bytes).map_err(|error| wrong().because(&error).help(help).problem())?;
    match report.get_mut("apps").map(Value::take) {
        Some(Value::Array(apps)) if apps.iter().all(|app| app["slug"].is_string()) => Ok(apps),
        _ => Err(wrong().help(help).problem()),
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut stdin = Vec::new();
    let read =
        if path == Path::new("-") { std::io::stdin().read_to_end(&mut stdin).map(|_| stdin) } else { fs::read(path) };
    read.map_err(|error| {
        Trouble::new(format!("failed to read {}", name(&Origin::File(path)))).because(&error).problem()
    })
}

fn name(origin: &Origin<'_>) -> String {
    match origin {
        Origin::Host(host) => format!("what listens at `{host}`"),
        Origin::File(path) if *path == Path::new("-") => "stdin".to_owned(),
        Origin::File(path) => format!("`{}`", path.display()),
    }
}

fn find<'r>(apps: &'r [Value], name: &str, origin: &Origin<'_>) -> Result<&'r Value, Failure> {
    let slugs = || apps.iter().filter_map(|app| app["slug"].as_str());
    apps.iter().find(|app| app["slug"] == name).ok_or_else(|| {
        let help = match bakehouse_manifest::nearest(name, slugs()) {
            Some(near) => format!("the nearest slug is `{near}`"),
            None => "without a slug, all apps of the host are listed".to_owned(),
        };
        let place = match origin {
            Origin::Host(host) => format!("on the host at `{host}`"),
            Origin::File(_) => "in the report".to_owned(),
        };
        Trouble::new(format!("there is no app `{name}` {place}")).help(help).call()
    })
}

/// One app: its state, then what was counted.
fn described(app: &Value) -> String {
    let core = if app["core"] == true { ", core" } else { "" };
    let text = |value: &Value| shown(value.as_str().unwrap_or("unknown").as_bytes()).into_owned();
    let head = format!("{}{core}, {}\n", text(&app["slug"]), text(&app["state"]));
    if app["loads"].is_null() {
        return head + "    it has no code, so that nothing is loaded or counted\n";
    }
    let number = |name: &str| app[name].as_u64().unwrap_or_default();
    let mut facts = Columns::default();
    facts.row(["", "last load", &last_load(&app["last_load"])]);
    facts.row(["", "why", app["last_load"]["why"].as_str().unwrap_or("never loaded")]);
    facts.row(["", "last used", &ago(&app["last_used"]).unwrap_or_else(|| "never".to_owned())]);
    let time = Time(Duration::from_micros(number("load_us")));
    facts.row(["", "loads", &format!("{}, {time} together", number("loads"))]);
    for name in ["errors", "hits", "misses", "evictions"] {
        facts.row(["", name, &number(name).to_string()]);
    }
    head + &super::indented(&facts)
}

/// When it was, and how long it took.
fn last_load(load: &Value) -> String {
    match (ago(&load["ago"]), load["took_us"].as_u64()) {
        (Some(ago), Some(took)) => format!("{ago}, in {}", Time(Duration::from_micros(took))),
        _ => "none".to_owned(),
    }
}

/// A number of seconds.
fn ago(seconds: &Value) -> Option<String> {
    let time = Duration::try_from_secs_f64(seconds.as_f64()?).ok()?;
    Some(format!("{} ago", Time(time)))
}

/// All apps, a line each.
fn listed(apps: &[Value]) -> Columns {
    let mut columns = Columns::new(&[]);
    for app in apps {
        let text = |name: &str| app[name].as_str().unwrap_or_default().to_owned();
        let counted = |name: &str, what: &str| {
            let n = app[name].as_u64().and_then(|n| usize::try_from(n).ok());
            n.map(|n| count(n, what)).unwrap_or_default()
        };
        let counts = [counted("loads", "load"), counted("errors", "error"), counted("hits", "hit")];
        let [loads, errors, hits] = counts;
        let why = app["last_load"]["why"].as_str().unwrap_or_default().to_owned();
        columns.row([text("slug"), text("state"), loads, errors, hits, why]);
    }
    columns
}
