//! A host as a static library for programs in C: `bakehouse.h` says what the functions do, `main.c` uses them.
//!
//! This file is the boundary: pointers become references, and results become codes. What is behind it is plain Rust.

#![expect(unsafe_code, reason = "C gives and takes raw pointers, and links names that are not mangled")]

use std::ffi::{CStr, CString, c_char, c_int};
use std::ptr;

use bakehouse_sdk::bytes::Bytes;

use crate::failure::{Failure, guard, with_detail};

pub use crate::failure::Code;
pub use crate::host::Found;

mod failure;
mod host;

mod store {
    bakehouse_macros::apps!();
}

/// An app's answer. C sees the fields down to `length`.
#[derive(Debug)]
#[repr(C)]
pub struct Answer {
    status: c_int,
    content_type: *const c_char,
    body: *const u8,
    length: usize,
    /// What the pointers lead to.
    owned: (Option<CString>, Bytes),
}

impl Answer {
    fn new(host::Answered { status, content_type, body }: host::Answered) -> Self {
        Self {
            status: status.into(),
            content_type: content_type.as_deref().map_or(ptr::null(), CStr::as_ptr),
            body: body.as_ptr(),
            length: body.len(),
            owned: (content_type, body),
        }
    }
}

/// What goes with the last code of this thread.
#[unsafe(no_mangle)]
pub extern "C" fn bakehouse_detail() -> *const c_char {
    with_detail(CStr::as_ptr)
}

/// Starts the registry.
#[unsafe(no_mangle)]
pub extern "C" fn bakehouse_start() -> Code {
    guard(host::start)
}

/// Finds the route of a request.
///
/// # Safety
///
/// The texts end with a zero byte or are null; `found` can be written to or is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bakehouse_find(method: *const c_char, target: *const c_char, found: *mut *mut Found) -> Code {
    guard(|| {
        // SAFETY: as the caller has promised.
        let (method, target) = unsafe { (text("method", method)?, text("target", target)?) };
        // SAFETY: as the caller has promised.
        unsafe { give(found, || host::find(method, target)) }
    })
}

/// The slug of the app that serves a request.
///
/// # Safety
///
/// `found` is from [`bakehouse_find`], and was not freed; or it is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bakehouse_app(found: *const Found) -> *const c_char {
    // SAFETY: as the caller has promised.
    unsafe { found.as_ref() }.map_or(ptr::null(), |found| found.slug().as_ptr())
}

/// What a param took of the path.
///
/// # Safety
///
/// `found` is from [`bakehouse_find`], and was not freed; `name` ends with a zero byte. Each may be null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bakehouse_param(found: *const Found, name: *const c_char) -> *const c_char {
    if name.is_null() {
        return ptr::null();
    }
    // SAFETY: as the caller has promised; `name` is not null.
    let (found, name) = unsafe { (found.as_ref(), CStr::from_ptr(name)) };
    found.and_then(|found| found.param(name)).map_or(ptr::null(), CStr::as_ptr)
}

/// Loads the app of a request.
///
/// # Safety
///
/// `found` is from [`bakehouse_find`], and was not freed; or it is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bakehouse_load(found: *const Found) -> Code {
    // SAFETY: as the caller has promised.
    guard(|| unsafe { reference(found) }?.load())
}

/// Has the app of a request answer it.
///
/// # Safety
///
/// `found` is from [`bakehouse_find`], and was not freed, or is null; `answer` can be written to or is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bakehouse_call(found: *const Found, answer: *mut *mut Answer) -> Code {
    guard(|| {
        // SAFETY: as the caller has promised.
        let found = unsafe { reference(found) }?;
        // SAFETY: as the caller has promised.
        unsafe { give(answer, || found.call().map(Answer::new)) }
    })
}

/// Lets the app of a request go.
///
/// # Safety
///
/// `found` is from [`bakehouse_find`], and was not freed; or it is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bakehouse_unload(found: *const Found) -> Code {
    // SAFETY: as the caller has promised.
    guard(|| unsafe { reference(found) }.map(Found::unload))
}

/// Frees what [`bakehouse_find`] gave.
///
/// # Safety
///
/// `found` is from there, and was not freed; or it is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bakehouse_free_found(found: *mut Found) {
    // SAFETY: as the caller has promised.
    unsafe { free(found) };
}

/// Frees what [`bakehouse_call`] gave.
///
/// # Safety
///
/// `answer` is from there, and was not freed; or it is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bakehouse_free_answer(answer: *mut Answer) {
    // SAFETY: as the caller has promised.
    unsafe { free(answer) };
}

/// # Safety
///
/// The text ends with a zero byte and lives as long as it is looked at, or the pointer is null.
unsafe fn text<'c>(name: &str, text: *const c_char) -> Result<&'c str, Failure> {
    if text.is_null() {
        return Err(Failure::wrong_call(&format!("`{name}` must not be NULL")));
    }
    // SAFETY: it is not null, and what else is wanted the caller has promised.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str().map_err(|error| Failure::wrong_call(&format!("`{name}` must be UTF-8: {error}")))
}

/// # Safety
///
/// What the pointer leads to lives as long as it is looked at, or the pointer is null.
unsafe fn reference<'c>(found: *const Found) -> Result<&'c Found, Failure> {
    // SAFETY: as the caller has promised.
    unsafe { found.as_ref() }.ok_or_else(|| Failure::wrong_call("`found` must not be NULL"))
}

/// Makes something, and hands it over; nothing is made if there is no place to hand it to.
///
/// # Safety
///
/// The place can be written to, or the pointer is null.
unsafe fn give<T>(place: *mut *mut T, make: impl FnOnce() -> Result<T, Failure>) -> Result<(), Failure> {
    if place.is_null() {
        return Err(Failure::wrong_call("the place for what is given must not be NULL"));
    }
    let given = Box::into_raw(Box::new(make()?));
    // SAFETY: it is not null, and what else is wanted the caller has promised.
    unsafe { place.write(given) };
    Ok(())
}

/// # Safety
///
/// [`give`] gave it, and it was not freed; or it is null.
unsafe fn free<T>(given: *mut T) {
    if !given.is_null() {
        // SAFETY: it is not null, and what else is wanted the caller has promised. A panic while it is dropped would
        // end the process here, not unwind into C.
        drop(unsafe { Box::from_raw(given) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail() -> String {
        // SAFETY: it ends with a zero byte, and lives until the next call.
        unsafe { CStr::from_ptr(bakehouse_detail()) }.to_str().unwrap().to_owned()
    }

    #[test]
    fn a_wrong_call_is_told() {
        let (method, path) = (c"GET".as_ptr(), c"/greeting/it/Anna".as_ptr());
        let mut found = ptr::null_mut();
        for (method, path, place, expected) in [
            (ptr::null(), path, &raw mut found, "`method` must not be NULL"),
            (method, ptr::null(), &raw mut found, "`target` must not be NULL"),
            (method, path, ptr::null_mut(), "the place for what is given must not be NULL"),
            (method, c"\xFF".as_ptr(), &raw mut found, "`target` must be UTF-8"),
            (method, c"a path".as_ptr(), &raw mut found, "invalid uri character"),
            (c"a method".as_ptr(), path, &raw mut found, "invalid HTTP method"),
        ] {
            // SAFETY: each is a text, a place, or null.
            assert_eq!(unsafe { bakehouse_find(method, path, place) }, Code::WrongCall, "{expected}");
            assert!(detail().starts_with(expected), "{}", detail());
            assert!(found.is_null());
        }
    }

    #[test]
    fn what_is_null_is_nothing() {
        // SAFETY: each may be null.
        unsafe {
            assert_eq!(bakehouse_load(ptr::null()), Code::WrongCall);
            assert_eq!(detail(), "`found` must not be NULL");
            assert_eq!(bakehouse_call(ptr::null(), ptr::null_mut()), Code::WrongCall);
            assert_eq!(bakehouse_unload(ptr::null()), Code::WrongCall);
            assert!(bakehouse_app(ptr::null()).is_null() && bakehouse_param(ptr::null(), ptr::null()).is_null());
            bakehouse_free_found(ptr::null_mut());
            bakehouse_free_answer(ptr::null_mut());
        }
    }

    #[test]
    fn a_route_is_looked_at_and_nothing_loads_before_the_start() {
        let mut found = ptr::null_mut();
        // SAFETY: the texts are such, the place can be written to, and what is found is freed once, at last.
        unsafe {
            assert_eq!(bakehouse_find(c"GET".as_ptr(), c"/greeting/i%74/Anna".as_ptr(), &raw mut found), Code::Ok);
            assert_eq!(CStr::from_ptr(bakehouse_app(found)), c"greeting");
            assert_eq!(CStr::from_ptr(bakehouse_param(found, c"language".as_ptr())), c"i%74");
            assert!(bakehouse_param(found, c"none".as_ptr()).is_null());
            assert_eq!(bakehouse_load(found), Code::Unavailable);
            assert!(detail().contains("start"), "{}", detail());
            bakehouse_free_found(found);
        }
    }
}
