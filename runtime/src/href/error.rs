//! Why there is no address.

use std::error::Error;
use std::fmt;

/// Why a route or an asset has no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HrefError {
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// The pattern has a param for which there is no value.
    MissingParam { pattern: String, name: String },
    /// A value that the pattern would not take as this param.
    Value { pattern: String, name: String, value: String },
    /// The table's app has no such route.
    NoRoute { app: String, pattern: String },
    /// The table's app has no such asset.
    NoAsset { app: String, source: String },
}

impl HrefError {
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind }
    }

    /// Whether a value can't stand where its param does: one that is empty, for instance, or `..`.
    pub fn is_value(&self) -> bool {
        matches!(self.kind, Kind::Value { .. })
    }

    /// Whether the host's table has no such route or asset, though the app's manifest had it when the app was compiled.
    pub fn is_not_in_table(&self) -> bool {
        matches!(self.kind, Kind::NoRoute { .. } | Kind::NoAsset { .. })
    }
}

impl fmt::Display for HrefError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::MissingParam { pattern, name } => write!(f, "param `{name}` of `{pattern}` has no value"),
            Kind::Value { pattern, name, value } => {
                write!(f, "value `{value}` can't stand for the param `{name}` of `{pattern}`")
            }
            Kind::NoRoute { app, pattern } => write!(f, "app `{app}` has no route `{pattern}` in the host's table"),
            Kind::NoAsset { app, source } => write!(f, "app `{app}` has no asset `{source}` in the host's table"),
        }
    }
}

impl Error for HrefError {}
