//! Windows neither moves nor removes what somebody has open, be it another host for a moment: who waits a little can.

use std::io;
#[cfg(windows)]
use std::{thread, time::Duration};

/// Does something again for up to half a second while it fails because somebody has open what it is about.
#[cfg(windows)]
pub(crate) fn patiently<T>(act: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    const ERROR_SHARING_VIOLATION: i32 = 32;
    again_while(|error| error.raw_os_error() == Some(ERROR_SHARING_VIOLATION), act)
}

/// As [`patiently`], for a file that is there to be read by others: in place of it, some versions say that access is denied.
#[cfg(windows)]
pub(crate) fn patiently_with_readers<T>(mut act: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    again_while(|error| error.kind() == io::ErrorKind::PermissionDenied, || patiently(&mut act))
}

#[cfg(windows)]
fn again_while<T>(is_passing: fn(&io::Error) -> bool, mut act: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let mut pause = Duration::from_millis(1);
    loop {
        match act() {
            Err(error) if is_passing(&error) && pause < Duration::from_millis(500) => thread::sleep(pause),
            done => return done,
        }
        pause *= 2;
    }
}

/// Does something once: elsewhere nobody is in the way by reading.
#[cfg(not(windows))]
pub(crate) fn patiently_with_readers<T>(mut act: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    act()
}

#[cfg(all(test, windows))]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_for_a_moment_is_waited_for() {
        let mut errors = vec![32, 32, 32];
        let mut act = || errors.pop().map_or(Ok(()), |code| Err(io::Error::from_raw_os_error(code)));
        assert!(patiently(&mut act).is_ok());
        let mut errors = vec![5, 32, 5];
        let mut act = || errors.pop().map_or(Ok(()), |code| Err(io::Error::from_raw_os_error(code)));
        assert!(patiently_with_readers(&mut act).is_ok());
    }

    #[test]
    fn what_else_fails_fails_at_once_and_what_stays_open_in_the_end() {
        for (code, is_tried_again) in [(5, false), (2, false), (32, true)] {
            let mut n_tries = 0;
            let failed = patiently(|| {
                n_tries += 1;
                Err::<(), _>(io::Error::from_raw_os_error(code))
            });
            assert_eq!((failed.unwrap_err().raw_os_error(), n_tries > 1), (Some(code), is_tried_again));
        }
    }
}
