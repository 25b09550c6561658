//! What is known from one run to the next, and kept outside of the public folder: the ledger of what was made, the lock by
//! which runs take turns, the stamp that says that nothing has changed, and what a run that was killed left.

pub(super) mod account;
pub(super) mod ledger;
pub(super) mod ours;
pub(super) mod recover;
pub(super) mod stamp;
pub(super) mod turn;
