//! Lookups of a path for each route.

use std::hint::black_box;
use std::time::Instant;

use bakehouse_runtime::find::Found;
use bakehouse_runtime::{Method, Table};

use super::book::{Book, Contender};

/// How many lookups a round has at least.
const N_LOOKUPS: usize = 50_000;

/// A path for each route that has one.
pub(super) struct Lookups {
    table: Table<'static>,
    paths: Vec<(Method, String)>,
}

impl Lookups {
    pub(super) fn new(table: Table<'static>, book: &mut Book) -> Self {
        let sampled = table.routes().filter_map(|route| {
            let path = sample(route.pattern());
            let method = route.methods().iter().next()?;
            matches!(table.find(method, path.as_bytes()), Found::Match(_)).then_some((method, path))
        });
        let paths: Vec<_> = sampled.collect();
        if paths.is_empty() {
            book.note("find: left out, since there is no route");
        }
        Self { table, paths }
    }

    pub(super) fn measure(&self, book: &mut Book) {
        let n_paths = self.paths.len();
        if n_paths == 0 {
            return;
        }
        let n_turns = N_LOOKUPS.div_ceil(n_paths);
        let began = Instant::now();
        for _ in 0..n_turns {
            for (method, path) in &self.paths {
                black_box(self.table.find(*method, black_box(path.as_bytes())));
            }
        }
        let n_lookups = u32::try_from(n_turns * n_paths).unwrap_or(u32::MAX);
        book.add("find, a path of each route", Contender::Default, began.elapsed() / n_lookups);
    }
}

/// A path that a pattern matches: `x` for each param.
pub(super) fn sample(pattern: &str) -> String {
    let (mut path, mut rest) = (String::with_capacity(pattern.len()), pattern);
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        path.push_str(before);
        rest = if from.starts_with("{{") || from.starts_with("}}") {
            path.push_str(&from[..1]);
            &from[2..]
        } else {
            path.push('x');
            from.split_once('}').map_or("", |(_, rest)| rest)
        };
    }
    path + rest
}

#[cfg(test)]
mod tests {
    use super::sample;

    #[test]
    fn a_param_becomes_a_letter() {
        for (pattern, expected) in
            [("/", "/"), ("/a/{id}/b", "/a/x/b"), ("/v{n}:go/{*rest}", "/vx:go/x"), ("/{{a}}/{b}{{", "/{a}/x{")]
        {
            assert_eq!(sample(pattern), expected);
        }
    }
}
