//! The pages that explain each diagnostic: what it means, an example of it, and the right one.

use crate::diagnostics::Severity;

macro_rules! pages {
    ($($code:literal $severity:ident,)*) => {
        const CODES: &[&str] = &[$($code),*];
        const SEVERITIES: &[Severity] = &[$(Severity::$severity),*];
        const PAGES: &[&str] = &[$(include_str!(concat!("explain/", $code, ".md"))),*];
    };
}

// Sorted: a code is looked up by bisection. Beside each, the severity that it has at most unless a host denies it.
pages! {
    "asset-conflict" Error,
    "asset-type" Warning,
    "case-clash" Warning,
    "comment-key" Note,
    "duplicate-key" Error,
    "equal-assets" Warning,
    "feature-mismatch" Error,
    "flag-clash" Error,
    "function-name" Error,
    "heavy-core" Warning,
    "invalid-alias" Error,
    "invalid-entry" Error,
    "invalid-glob" Error,
    "invalid-level" Error,
    "invalid-path" Error,
    "invalid-pattern" Error,
    "invalid-prefix" Error,
    "invalid-slug" Error,
    "lazy-critical" Error,
    "linked-folder" Warning,
    "missing-asset" Error,
    "missing-critical" Error,
    "missing-dependency" Error,
    "missing-feature" Warning,
    "missing-file" Warning,
    "missing-key" Error,
    "missing-root" Error,
    "missing-slug" Error,
    "name-taken" Error,
    "no-manifest" Warning,
    "no-method" Error,
    "not-utf8" Error,
    "outside-asset" Error,
    "profile-core" Note,
    "profile-damaged" Error,
    "profile-missing" Note,
    "profile-preload" Note,
    "profile-unknown-app" Warning,
    "public-in-root" Error,
    "requires-circle" Error,
    "reserved-key" Error,
    "reserved-name" Warning,
    "route-conflict" Error,
    "route-limit" Error,
    "route-overlap" Error,
    "shadowed-asset" Warning,
    "slash-twins" Warning,
    "syntax" Error,
    "table-size" Error,
    "unknown-app" Error,
    "unknown-code" Error,
    "unknown-key" Error,
    "unknown-method" Error,
    "unknown-selection" Error,
    "unknown-value" Error,
    "unmatched-glob" Warning,
    "unreadable" Error,
    "unreadable-asset" Error,
    "wrong-dialect" Error,
    "wrong-type" Error,
}

/// The page on a diagnostic's code, in Markdown; none for a text that is no code.
pub fn explain(code: &str) -> Option<&'static str> {
    CODES.binary_search(&code).ok().and_then(|idx| PAGES.get(idx)).copied()
}

/// How much the diagnostics of a code matter at most, unless a host manifest denies it; none for a text that is no code.
pub fn severity(code: &str) -> Option<Severity> {
    CODES.binary_search(&code).ok().and_then(|idx| SEVERITIES.get(idx)).copied()
}

/// The codes of all diagnostics, sorted.
pub fn codes() -> &'static [&'static str] {
    CODES
}
