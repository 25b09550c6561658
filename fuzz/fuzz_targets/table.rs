//! Any bytes are a table or an error; and what is a table can be read in every way.

#![no_main]

use bakehouse_fuzz::image::{altered, read_all, with_header};
use bakehouse_runtime::Table;
use libfuzzer_sys::fuzz_target;

/// The most records of each kind that are read: a table may name a record many times.
const MOST: usize = 64;

fuzz_target!(|bytes: &[u8]| {
    for image in [bytes.to_vec(), with_header(bytes), altered(bytes)] {
        if let Ok(table) = Table::parse(&image) {
            read_all(table, bytes, MOST);
        }
    }
});
