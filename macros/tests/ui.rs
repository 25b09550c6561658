//! What rustc says of a call that is wrong: one error, and none of what uses its items.

#[test]
fn ui() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
