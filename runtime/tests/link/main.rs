//! Linking on real folders: what is made, what is refused, what is never touched.
#![cfg(unix)]

mod clean;
mod conflict;
mod copy;
mod failure;
mod lazy;
mod ledger;
mod place;
mod plan;
mod sequence;
mod site;
mod stamp;
