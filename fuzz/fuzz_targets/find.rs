//! Routes and requests from bytes: the table answers as the naive matcher does.

#![no_main]

use bakehouse_fuzz::input::Input;
use bakehouse_oracle::compare::compare;
use bakehouse_oracle::host::table_in;
use bakehouse_runtime::Table;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Input { set, requests } = Input::decode(bytes);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let baked = table_in(folder.path(), &set).unwrap_or_else(|told| panic!("{told}\nof\n{set}"));
    // Patterns that branch too much are refused, which is right.
    let Some(baked) = baked else { return };
    let table = Table::parse(&baked).unwrap_or_else(|error| panic!("{error}\nof\n{set}"));
    for (method, path) in requests {
        let answer = compare(table, set.rules, &set.routes, method, &path);
        answer.unwrap_or_else(|difference| panic!("{difference}\nof\n{set}"));
    }
});
