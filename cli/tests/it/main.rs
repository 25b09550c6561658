//! The command as a whole, through its binary: answers, exit codes, wrong calls, serving, and real trees.

mod answers;
mod bench;
mod circles;
mod common;
mod corpora;
mod diff;
mod fix;
mod flags;
mod links;
mod lookups;
mod profile;
mod refusal;
mod running;
mod sarif;
mod scaffold;
mod schema;
mod serve;
mod wrong;
