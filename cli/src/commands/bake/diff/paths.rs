//! Paths that one app served and another serves now.

use std::collections::BTreeMap;
use std::fmt;

use bakehouse_runtime::find::Found;
use bakehouse_runtime::table::RouteRecord;
use bakehouse_runtime::{Method, Methods, Table};
use serde_json::{Value, json};

use crate::output::text::{method_names, shown};

/// A path that changes hands.
pub(super) struct Handover {
    path: String,
    /// The methods under which it does.
    methods: Vec<Method>,
    from: RouteRecord<'static>,
    to: RouteRecord<'static>,
}

/// Asks both tables for a path of every pattern of either, sorted by path. More cannot change hands: where two patterns
/// share paths, those of the more special one are among them.
pub(super) fn handovers(old: Table<'static>, new: Table<'static>) -> Vec<Handover> {
    let mut asked: BTreeMap<String, Methods> = BTreeMap::new();
    for route in old.routes().chain(new.routes()) {
        let methods = asked.entry(path_of(route.pattern())).or_insert(Methods::NONE);
        *methods = methods.union(route.methods());
    }
    let mut handovers: Vec<Handover> = Vec::new();
    for (path, methods) in asked {
        let others = (methods == Methods::ALL).then_some(Method::OTHER);
        for method in methods.iter().chain(others) {
            let found = |table| server(table, method, path.as_bytes());
            let (Some(from), Some(to)) = (found(old), found(new)) else { continue };
            if from.app().slug() != to.app().slug() {
                add(&mut handovers, &path, method, from, to);
            }
        }
    }
    handovers
}

fn add(
    handovers: &mut Vec<Handover>,
    path: &str,
    method: Method,
    from: RouteRecord<'static>,
    to: RouteRecord<'static>,
) {
    let same = |it: &&mut Handover| it.path == path && it.from.id() == from.id() && it.to.id() == to.id();
    match handovers.iter_mut().rev().take_while(|it| it.path == path).find(same) {
        Some(known) => known.methods.push(method),
        None => handovers.push(Handover { path: path.to_owned(), methods: vec![method], from, to }),
    }
}

/// A path that a pattern matches: its own text, in which each param takes its name in braces. No other pattern has a
/// literal like that unless it doubles its braces.
fn path_of(pattern: &str) -> String {
    pattern.replace("{{", "{").replace("}}", "}")
}

/// Who serves a path, by a redirect too.
fn server(table: Table<'static>, method: Method, path: &[u8]) -> Option<RouteRecord<'static>> {
    match table.find(method, path) {
        Found::Match(found) => Some(found.route()),
        Found::Redirect { location } => match table.find(method, &location) {
            Found::Match(found) => Some(found.route()),
            _ => None,
        },
        Found::WrongMethod(_) | Found::Nothing => None,
    }
}

impl Handover {
    /// The names of the methods; `*` alone for every method.
    fn method_names(&self) -> Vec<&'static str> {
        let is_every = self.methods.len() > Method::names().len();
        method_names(if is_every { Methods::ALL } else { self.methods.iter().copied().collect() })
    }

    pub(super) fn to_json(&self) -> Value {
        let server = |route: RouteRecord<'_>| json!({ "app": route.app().slug(), "pattern": route.pattern() });
        json!({ "path": self.path, "methods": self.method_names(), "from": server(self.from), "to": server(self.to) })
    }
}

impl fmt::Display for Handover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, methods) = (shown(self.path.as_bytes()), self.method_names().join(", "));
        let (from, to) = (self.from.app().slug(), self.to.app().slug());
        let [was, is] = [self.from, self.to].map(RouteRecord::pattern);
        writeln!(f, "    ~ {path}  {methods}  {from} `{was}` -> {to} `{is}`")
    }
}
