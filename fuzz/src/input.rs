//! Bytes to routes and requests. Any bytes are some, and a change of a byte changes little.
//!
//! The first byte is the rules and the number of routes. A route is a byte for its methods and one for each of its
//! segments, up to one that ends it. What is left are requests, a line each: a byte for the method, and the path.

use bakehouse_oracle::find::Rules;
use bakehouse_oracle::generate::{Set, name_params};
use bakehouse_runtime::table::TrailingSlash;
use bakehouse_runtime::{Method, Methods};

/// Segments; behind them come the bytes that end a route.
const SEGMENTS: &[&str] = &[
    "a",
    "b",
    "ab",
    "aa",
    "abc",
    "",
    "A",
    "-",
    "v1",
    "aaaaaaaa",
    "aaaaaaab",
    "aaaaaaaaa",
    "é",
    "{{}}",
    "{}",
    "{}",
    "{}",
    "a{}",
    "{}b",
    "a{}b",
    "ab{}",
    "{}-{}",
    "{}.{}",
    "{}aa{}",
    "v{}",
    "A{}",
];

/// What a pattern ends in.
const ENDINGS: &[&str] = &["", "", "", "/", "/{*}"];

/// More segments than this would take a pattern over its limit, with an ending behind them.
const MOST_SEGMENTS: usize = 62;

const METHODS: [Method; 5] = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::OTHER];

/// What a target asks.
#[derive(Debug, Clone)]
pub struct Input {
    /// The routes.
    pub set: Set,
    /// The requests.
    pub requests: Vec<(Method, Vec<u8>)>,
}

impl Input {
    /// What the bytes stand for.
    pub fn decode(bytes: &[u8]) -> Self {
        let mut bytes = bytes.iter().copied();
        let first = bytes.next().unwrap_or_default();
        let written: Vec<_> = (0..=first >> 4).map_while(|_| route(&mut bytes)).collect();
        let rest: Vec<u8> = bytes.collect();
        let request = |line: &[u8]| {
            let (method, path) = line.split_first()?;
            Some((METHODS[usize::from(*method) % METHODS.len()], path.to_vec()))
        };
        Self {
            set: Set::new(rules(first), written),
            requests: rest.split(|byte| *byte == b'\n').filter_map(request).collect(),
        }
    }
}

fn rules(byte: u8) -> Rules {
    let slash = match byte & 3 {
        0 | 1 => TrailingSlash::Strict,
        2 => TrailingSlash::Ignore,
        _ => TrailingSlash::Redirect,
    };
    Rules { ignore_case: byte & 4 != 0, slash }
}

/// The next route; none where the bytes end.
fn route(bytes: &mut impl Iterator<Item = u8>) -> Option<(String, Methods)> {
    let methods = methods(bytes.next()?);
    let mut template = String::new();
    for n_segments in 0.. {
        let byte = usize::from(bytes.next()?) % (SEGMENTS.len() + ENDINGS.len());
        match SEGMENTS.get(byte) {
            Some(segment) if n_segments < MOST_SEGMENTS => template.extend(["/", segment]),
            _ => {
                template += ENDINGS[byte % ENDINGS.len()];
                break;
            }
        }
    }
    Some((name_params(&template, "p"), methods))
}

fn methods(byte: u8) -> Methods {
    let named = METHODS[..4].iter().enumerate().filter(|(bit, _)| byte >> bit & 1 == 1).map(|(_, method)| *method);
    let named: Methods = named.collect();
    if named.is_empty() { Methods::ALL } else { named }
}
