//! Why a path is served as it is: the routes that match it, in order of precedence, with what became of each, and the
//! nearest of those that do not, with what each failed on.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashSet;
use std::iter;

use bakehouse_codegen::pattern::{Mismatch, Pattern};
use bakehouse_runtime::find::Found;
use bakehouse_runtime::table::{RouteRecord, TrailingSlash};
use bakehouse_runtime::{Method, RouteId, Table};
use serde_json::{Value, json};

use super::nearest::{Nearest, segments_of};
use super::{params_of, serves};
use crate::output::Columns;
use crate::output::text::{method_names, shown, text_of};

/// Explains the lookups of one method.
pub(super) struct Explainer {
    table: Table<'static>,
    method: Method,
    /// The patterns of the table, parsed when the first path is explained.
    patterns: OnceCell<Vec<Option<Pattern>>>,
}

/// A route whose pattern matches a path in one of its forms.
struct Candidate<'p> {
    route: RouteRecord<'static>,
    /// The path, or its other form, with a slash more or less at its end.
    form: Cow<'p, [u8]>,
    fate: Fate,
}

/// What became of a route that matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Chosen,
    /// It would serve the path if the chosen one did not.
    Next,
    /// Others go before it.
    Later,
    WrongMethod,
}

impl Explainer {
    pub(super) fn new(table: Table<'static>, method: Method) -> Self {
        Self { table, method, patterns: OnceCell::new() }
    }

    /// A row a route, for people.
    pub(super) fn columns(&self, path: &[u8], found: &Found<'static, '_>) -> Columns {
        let mut columns = Columns::new(&[1]);
        let mut row = |number: String, route: RouteRecord<'static>, why: String, params: String| {
            let methods = method_names(route.methods()).join(", ");
            columns.row([" ", &number, route.pattern(), route.app().slug(), &methods, &why, &params]);
        };
        let candidates = self.candidates(path, found);
        for (idx, candidate) in candidates.iter().enumerate() {
            let params = candidate.route.params(&candidate.form);
            let params: Vec<String> = params.map(|(name, param)| format!("{name}={}", shown(param.raw()))).collect();
            row((idx + 1).to_string(), candidate.route, self.verdict(path, candidate), params.join("  "));
        }
        self.nearest(path, &candidates, |route, mismatch| {
            row("-".to_owned(), route, mismatch.to_string(), String::new());
        });
        if columns.is_empty() && path.starts_with(b"/") {
            columns.row([" ", "-", "no pattern is near it"]);
        }
        columns
    }

    /// How much of the route index a path has looked at, for people.
    pub(super) fn effort(&self, path: &[u8]) -> Columns {
        let (n, bound) = (self.table.probes(path), self.table.probe_bound());
        let mut columns = Columns::default();
        columns.row([format!("  {n} nodes and routes of the index looked at; {bound} is the most for any path")]);
        columns
    }

    /// An object a route; those that match come first.
    pub(super) fn json(&self, path: &[u8], found: &Found<'static, '_>) -> Value {
        let candidates = self.candidates(path, found);
        let mut all: Vec<Value> = candidates.iter().map(Candidate::to_json).collect();
        self.nearest(path, &candidates, |route, mismatch| {
            let mut object = object(route);
            object["failed"] = json!({ "segment": mismatch.agreed + 1, "reason": mismatch.to_string() });
            all.push(object);
        });
        all.into()
    }

    fn candidates<'p>(&self, path: &'p [u8], found: &Found<'static, '_>) -> Vec<Candidate<'p>> {
        let mut candidates: Vec<Candidate<'p>> = Vec::new();
        let mut known = HashSet::new();
        for route in self.table.candidates(path) {
            // A route that matches both forms, as a catch-all may, serves the path as it is.
            if known.insert(route.id()) {
                candidates.push(Candidate { route, form: self.form(path, route), fate: Fate::WrongMethod });
            }
        }
        self.settle(path, self.chosen(found), &mut candidates);
        candidates
    }

    /// The form of the path that a route matches, which is one of its two.
    fn form<'p>(&self, path: &'p [u8], route: RouteRecord<'static>) -> Cow<'p, [u8]> {
        let mismatch = self.pattern(route).and_then(|it| it.mismatch(&segments_of(path), self.table.ignores_case()));
        match (mismatch, path.strip_suffix(b"/")) {
            (None, _) => path.into(),
            (Some(_), Some(shorter)) => shorter.into(),
            (Some(_), None) => [path, b"/"].concat().into(),
        }
    }

    fn pattern(&self, route: RouteRecord<'static>) -> Option<&Pattern> {
        self.patterns().get(usize::try_from(route.id().0).ok()?)?.as_ref()
    }

    fn patterns(&self) -> &[Option<Pattern>] {
        self.patterns.get_or_init(|| self.table.routes().map(|route| Pattern::parse(route.pattern()).ok()).collect())
    }

    /// Says what becomes of each. The path as it is goes before its other form; for `HEAD`, in each of them, a route that
    /// serves it goes before one that is asked for `GET` instead.
    fn settle(&self, path: &[u8], chosen: Option<RouteId>, candidates: &mut [Candidate<'_>]) {
        let mut serving: Vec<&mut Candidate<'_>> =
            candidates.iter_mut().filter(|it| serves(it.route.methods(), self.method)).collect();
        serving.sort_by_key(|it| {
            let is_chosen = chosen == Some(it.route.id());
            (!is_chosen, *it.form != *path, !it.route.methods().contains(self.method))
        });
        let fates = [Fate::Chosen, Fate::Next].into_iter().chain(iter::repeat(Fate::Later));
        serving.into_iter().zip(fates).for_each(|(candidate, fate)| candidate.fate = fate);
    }

    /// The route that serves the path, if the client has to come back with another slash for it too.
    fn chosen(&self, found: &Found<'static, '_>) -> Option<RouteId> {
        match found {
            Found::Match(found) => Some(found.route().id()),
            Found::Redirect { location } => match self.table.find(self.method, location) {
                Found::Match(found) => Some(found.route().id()),
                _ => None,
            },
            Found::WrongMethod(_) | Found::Nothing => None,
        }
    }

    fn verdict(&self, path: &[u8], candidate: &Candidate<'_>) -> String {
        let methods = candidate.route.methods();
        let mut verdict = match candidate.fate {
            Fate::Chosen => "chosen".to_owned(),
            Fate::Next => "would be next".to_owned(),
            Fate::Later => "others go before it".to_owned(),
            Fate::WrongMethod => format!("does not serve {}", self.method.name()),
        };
        if candidate.fate != Fate::WrongMethod && !methods.contains(self.method) {
            verdict += ", HEAD falls to GET";
        }
        if *candidate.form != *path {
            let slash = if candidate.form.len() < path.len() {
                "without the slash at the end"
            } else {
                "with a slash at the end"
            };
            let is_redirect = candidate.fate == Fate::Chosen && self.table.trailing_slash() == TrailingSlash::Redirect;
            verdict += if is_redirect { ", by a redirect to the path " } else { ", for the path " };
            verdict += slash;
        }
        verdict
    }

    /// Tells the nearest of the routes that do not match. A path that does not begin with a slash fails on that alone.
    fn nearest(
        &self,
        path: &[u8],
        candidates: &[Candidate<'_>],
        mut tell: impl FnMut(RouteRecord<'static>, Mismatch<'_>),
    ) {
        if !path.starts_with(b"/") {
            return;
        }
        let segments = segments_of(path);
        let mut nearest = Nearest::new(&segments, self.table.ignores_case());
        let matching: HashSet<RouteId> = candidates.iter().map(|candidate| candidate.route.id()).collect();
        for (route, pattern) in self.table.routes().zip(self.patterns()) {
            // Those that match the other form do not match the path as it is.
            if let Some(pattern) = pattern
                && !matching.contains(&route.id())
            {
                nearest.offer(route, pattern);
            }
        }
        nearest.into_iter(!candidates.is_empty()).for_each(|(route, mismatch)| tell(route, mismatch));
    }
}

impl Candidate<'_> {
    fn to_json(&self) -> Value {
        let mut object = object(self.route);
        object["matched"] = true.into();
        object["chosen"] = (self.fate == Fate::Chosen).into();
        object["path"] = text_of(&self.form).into();
        object["params"] = params_of(self.route.params(&self.form));
        object
    }
}

/// What is said of every route; the rest is that of one which does not match.
fn object(route: RouteRecord<'static>) -> Value {
    json!({
        "app": route.app().slug(),
        "pattern": route.pattern(),
        "methods": method_names(route.methods()),
        "matched": false,
        "chosen": false,
        "params": {},
        "failed": null,
    })
}
