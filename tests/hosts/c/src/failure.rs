//! What a call from C comes to: a code, and what goes with it. No panic gets past [`guard`].

use std::cell::RefCell;
use std::ffi::{CStr, CString};
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// As `bakehouse.h` has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum Code {
    /// All is fine.
    Ok = 0,
    /// An argument is null, or is not what it should be.
    WrongCall = 1,
    /// Nobody serves the path.
    Nothing = 2,
    /// It is served under other methods.
    WrongMethod = 3,
    /// It is served at another path.
    Elsewhere = 4,
    /// The app can't be loaded, or can't answer.
    Unavailable = 5,
    /// A panic was caught.
    Panic = 6,
}

/// Why a call came to nothing.
#[derive(Debug)]
pub(crate) struct Failure {
    code: Code,
    detail: CString,
}

impl Failure {
    pub(crate) fn new(code: Code, detail: &(impl Display + ?Sized)) -> Self {
        let text = detail.to_string().replace('\0', "\u{fffd}");
        Self { code, detail: CString::new(text).unwrap_or_default() }
    }

    pub(crate) fn wrong_call(detail: &str) -> Self {
        Self::new(Code::WrongCall, detail)
    }
}

thread_local! {
    static DETAIL: RefCell<CString> = RefCell::default();
}

/// The code of a call; its detail is kept for this thread.
pub(crate) fn guard(call: impl FnOnce() -> Result<(), Failure>) -> Code {
    // What a panic leaves half-done is an app's; what is C's is written last.
    let result = catch_unwind(AssertUnwindSafe(call));
    let outcome = result.unwrap_or_else(|_| Err(Failure::new(Code::Panic, "a panic was caught")));
    let Failure { code, detail } = outcome.err().unwrap_or(Failure { code: Code::Ok, detail: CString::default() });
    DETAIL.replace(detail);
    code
}

/// What goes with the last code of this thread.
pub(crate) fn with_detail<T>(look: impl FnOnce(&CStr) -> T) -> T {
    DETAIL.with_borrow(|detail| look(detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_has_a_code_and_what_goes_with_it() {
        let detail = || with_detail(|detail| detail.to_str().unwrap().to_owned());
        assert_eq!(
            (guard(|| Err(Failure::new(Code::Nothing, "a\0b"))), detail().as_str()),
            (Code::Nothing, "a\u{fffd}b")
        );
        assert_eq!((guard(|| panic!("expected")), detail().as_str()), (Code::Panic, "a panic was caught"));
        assert_eq!((guard(|| Ok(())), detail().as_str()), (Code::Ok, ""));
    }
}
