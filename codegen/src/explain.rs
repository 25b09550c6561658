//! The pages that explain each diagnostic: what it means, an example of it, and the right one.

macro_rules! pages {
    ($($code:literal),* $(,)?) => {
        const CODES: &[&str] = &[$($code),*];
        const PAGES: &[&str] = &[$(include_str!(concat!("explain/", $code, ".md"))),*];
    };
}

// Sorted: a code is looked up by bisection.
pages![
    "asset-conflict",
    "comment-key",
    "duplicate-key",
    "feature-mismatch",
    "flag-clash",
    "function-name",
    "invalid-alias",
    "invalid-entry",
    "invalid-glob",
    "invalid-path",
    "invalid-pattern",
    "invalid-prefix",
    "invalid-slug",
    "lazy-critical",
    "linked-folder",
    "missing-asset",
    "missing-critical",
    "missing-file",
    "missing-key",
    "missing-root",
    "missing-slug",
    "name-taken",
    "no-manifest",
    "no-method",
    "not-utf8",
    "outside-asset",
    "profile-core",
    "profile-damaged",
    "profile-missing",
    "profile-preload",
    "profile-unknown-app",
    "public-in-root",
    "requires-circle",
    "reserved-key",
    "route-conflict",
    "route-limit",
    "route-overlap",
    "syntax",
    "table-size",
    "unknown-app",
    "unknown-key",
    "unknown-method",
    "unknown-selection",
    "unknown-value",
    "unmatched-glob",
    "unreadable",
    "unreadable-asset",
    "wrong-dialect",
    "wrong-type",
];

/// The page on a diagnostic's code, in Markdown; none for a text that is no code.
pub fn explain(code: &str) -> Option<&'static str> {
    CODES.binary_search(&code).ok().and_then(|idx| PAGES.get(idx)).copied()
}

/// The codes of all diagnostics, sorted.
pub fn codes() -> &'static [&'static str] {
    CODES
}
