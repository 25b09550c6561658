//! `BAKEHOUSE_LOG`: which spans and events are printed, on stderr.

use std::env;
use std::io;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::failure::{Failure, Trouble};

const VARIABLE: &str = "BAKEHOUSE_LOG";

const LEVELS: [(&str, LevelFilter); 6] = [
    ("off", LevelFilter::OFF),
    ("error", LevelFilter::ERROR),
    ("warn", LevelFilter::WARN),
    ("info", LevelFilter::INFO),
    ("debug", LevelFilter::DEBUG),
    ("trace", LevelFilter::TRACE),
];

/// Begins to print what the environment asks for: nothing, unless the variable is set.
pub(crate) fn start() -> Result<(), Failure> {
    let Some(value) = env::var_os(VARIABLE).filter(|value| !value.is_empty()) else { return Ok(()) };
    let targets = value.to_str().and_then(targets).ok_or_else(|| wrong(&value.display().to_string()))?;
    // A span is printed when it is over, with how long it took.
    let printed = fmt::layer().with_ansi(false).with_writer(io::stderr).with_span_events(FmtSpan::CLOSE);
    let log = tracing_subscriber::registry().with(printed.with_filter(targets));
    log.try_init().map_err(|error| Trouble::new("the log can't be printed").because(&error).problem())
}

/// A level, or levels of targets and one for all others, with commas between them.
fn targets(value: &str) -> Option<Targets> {
    let mut targets = Targets::new();
    for part in value.split(',').map(str::trim) {
        targets = match part.split_once('=') {
            Some((target, name)) if is_target(target) => targets.with_target(target, level(name)?),
            None if targets.default_level().is_none() => targets.with_default(level(part)?),
            _ => return None,
        };
    }
    Some(targets)
}

/// Whether this is a path of Rust.
fn is_target(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'))
}

fn level(name: &str) -> Option<LevelFilter> {
    LEVELS.iter().find(|(known, _)| *known == name).map(|(_, level)| *level)
}

fn wrong(value: &str) -> Failure {
    let levels = LEVELS.map(|(name, _)| format!("`{name}`")).join(", ");
    let help = format!(
        "correct or unset: `{VARIABLE}` must be one of {levels}, or levels of targets such as \
         `warn,bakehouse::load=debug`, but was `{value}`"
    );
    Trouble::new("the environment has values that can't be used").help(help).call()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        for (value, expected) in [
            ("off", Some("off")),
            ("info", Some("info")),
            ("bakehouse::load=debug", Some("bakehouse::load=debug")),
            ("warn, bakehouse::load=debug,zoom=trace", Some("bakehouse::load=debug,zoom=trace,warn")),
            ("loud", None),
            ("INFO", None),
            ("info,debug", None),
            ("info,", None),
            ("=info", None),
            ("a b=info", None),
            ("bakehouse=", None),
            ("bakehouse=loud", None),
        ] {
            let read = targets(value).map(|targets| targets.to_string());
            assert_eq!(read.as_deref(), expected, "{value}");
        }
    }
}
