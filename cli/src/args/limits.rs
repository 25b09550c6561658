//! The limits of `serve`.

use std::time::Duration;

use bakehouse_host::Config;

/// The longest time that a flag takes: more is a slip of the finger, and no time that a clock can't add.
const LONGEST: f64 = 86_400.0;

/// What a host allows; where nothing is said, what [`Config`] says.
#[derive(Debug, Default, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct Limits {
    /// How many apps may be loaded at once, the core apps among them [default: all]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    max_loaded: Option<usize>,
    /// How long an app may take to load [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    load_limit: Option<Duration>,
    /// How long an app may take to answer a request [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    handle_limit: Option<Duration>,
    /// How long a client may take to send the head of a request, and then its body [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    read_limit: Option<Duration>,
    /// How long requests in flight may take when the host is told to end [default: 10]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    grace: Option<Duration>,
    /// Longest body of a request [default: 2M]
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    body_limit: Option<usize>,
    /// Longest path of a request, with its query [default: 8k]
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    path_limit: Option<usize>,
    /// Most that the headers of a request may have together [default: 32k]
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    header_limit: Option<usize>,
}

impl Limits {
    /// Sets what was said.
    pub(crate) fn apply(&self, config: &mut Config) {
        config.max_loaded = self.max_loaded.or(config.max_loaded);
        config.load_limit = self.load_limit.unwrap_or(config.load_limit);
        config.handle_limit = self.handle_limit.unwrap_or(config.handle_limit);
        config.read_limit = self.read_limit.unwrap_or(config.read_limit);
        config.grace = self.grace.unwrap_or(config.grace);
        config.body_limit = self.body_limit.unwrap_or(config.body_limit);
        config.path_limit = self.path_limit.unwrap_or(config.path_limit);
        config.header_limit = self.header_limit.unwrap_or(config.header_limit);
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| "must be a whole number from 1 on".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.001..=LONGEST).contains(seconds));
    let wrong = || format!("must be a number of seconds from 0.001 to {LONGEST}, such as `30` or `0.5`");
    seconds.map(Duration::from_secs_f64).ok_or_else(wrong)
}

fn bytes(text: &str) -> Result<usize, String> {
    let (number, unit) = match text.strip_suffix('k') {
        Some(number) => (number, 1024),
        None => text.strip_suffix('M').map_or((text, 1), |number| (number, 1024 * 1024)),
    };
    let bytes = number.parse::<usize>().ok().and_then(|number| number.checked_mul(unit)).filter(|bytes| *bytes > 0);
    bytes.ok_or_else(|| "must be a number of bytes from 1 on, such as `2097152`, `2048k` or `2M`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_whole_or_not() {
        for (text, millis) in
            [("30", Some(30_000)), ("0.5", Some(500)), ("1e2", Some(100_000)), ("86400", Some(86_400_000))]
        {
            assert_eq!(seconds(text).ok().map(|time| time.as_millis()), millis, "{text}");
        }
        for text in ["", "0", "-1", "30s", "NaN", "inf", "86401", "1e300"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn bytes_may_have_a_unit() {
        for (text, expected) in [("1", Some(1)), ("32k", Some(32_768)), ("2M", Some(2_097_152)), ("1000", Some(1000))] {
            assert_eq!(bytes(text).ok(), expected, "{text}");
        }
        for text in ["", "0", "0k", "k", "-1", "2m", "2MB", "1.5M", "99999999999999999999", "99999999999999999M"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }
}
