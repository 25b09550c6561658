//! Linking on real folders: what is made, what is refused, what is never touched.

mod clean;
// What Unix alone has in these: sockets, modes, other file systems, links where the tests want them.
#[cfg(unix)]
mod conflict;
mod copy;
mod doctor;
#[cfg(unix)]
mod failure;
mod killed;
mod lazy;
mod ledger;
#[cfg(unix)]
mod materialize;
#[cfg(unix)]
mod place;
mod plan;
mod race;
#[cfg(unix)]
mod readers;
mod sequence;
mod site;
// Windows does not tell what a stamp depends on.
#[cfg(unix)]
mod stamp;
#[cfg(unix)]
mod status;
mod system;
#[cfg(windows)]
mod windows;
