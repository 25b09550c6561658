//! What a machine lacks: said where a person runs the tests, and a failure in CI.

/// Says that a test is skipped because the machine lacks `what`.
///
/// # Panics
///
/// If `CI` is set: a machine of CI has everything.
pub fn lacks(what: &str) {
    assert!(std::env::var_os("CI").is_none(), "`CI` is set, but this machine lacks {what}");
    println!("skipped: this machine lacks {what}");
}
