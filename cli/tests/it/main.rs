//! The command as a whole, through its binary: answers, exit codes, wrong calls, serving, and real trees.

mod answers;
mod bench;
mod common;
mod corpora;
mod links;
mod lookups;
mod refusal;
mod serve;
mod wrong;
