//! `routes`: lists routes, or says who serves a path, and why.

mod explain;
mod nearest;

use std::io::{self, BufRead, BufReader};

use bakehouse_runtime::environment::Environment;
use bakehouse_runtime::find::{Found, Params};
use bakehouse_runtime::table::RouteRecord;
use bakehouse_runtime::{Method, Methods, Table};
use serde_json::{Map, Value, json};

use self::explain::Explainer;
use super::{Ctx, slugs};
use crate::args::Routes;
use crate::failure::{Failure, Outcome, Trouble, Verdict};
use crate::output::Columns;
use crate::output::text::{method_names, shown, text_of};
use crate::target;

pub(super) fn run(args: &Routes, ctx: &mut Ctx) -> Outcome {
    let target = target::open(ctx)?;
    let (table, environment) = (target.table, target.environment()?);
    let method = args.method.unwrap_or(Method::GET);
    let explainer = args.explain.then(|| Explainer::new(table, method));
    let lookup = Lookup { table, environment, method, explainer };
    if args.stdin {
        lookup.each_line(ctx)?;
        return Ok(Verdict::Fine);
    }
    if args.paths.is_empty() {
        list(table, &lookup.environment, args.method, ctx)?;
        return Ok(Verdict::Fine);
    }
    let (mut all_served, mut lines) = (true, Columns::default());
    for path in &args.paths {
        all_served &= lookup.tell(path.as_encoded_bytes(), &mut lines, ctx)?;
    }
    ctx.out.text(lines)?;
    Ok(Verdict::fine_if(all_served))
}

/// A path as it was given, without its query.
pub(super) fn path_of(given: &[u8]) -> &[u8] {
    given.split(|byte| *byte == b'?').next().unwrap_or_default()
}

fn list(
    table: Table<'static>,
    environment: &Environment,
    method: Option<Method>,
    ctx: &mut Ctx,
) -> Result<(), Failure> {
    let is_meant = |route: &RouteRecord<'_>| method.is_none_or(|method| serves(route.methods(), method));
    let routes = table.routes().filter(is_meant);
    if ctx.out.is_json() {
        return routes.map(|route| to_json(table, environment, route)).try_for_each(|line| ctx.out.json(&line));
    }
    let mut columns = Columns::default();
    for route in routes {
        let methods = method_names(route.methods()).join(", ");
        let is_off = !environment.is_on(route.app());
        let behind = if is_off { "off".to_owned() } else { preload(table, route) };
        columns.row([route.pattern().to_owned(), route.app().slug().to_owned(), methods, behind]);
    }
    ctx.out.text(columns)
}

/// Whether a pattern with these methods serves a method; HEAD is served where GET is.
fn serves(methods: Methods, method: Method) -> bool {
    methods.contains(method) || method == Method::HEAD && methods.contains(Method::GET)
}

fn to_json(table: Table<'static>, environment: &Environment, route: RouteRecord<'static>) -> Value {
    json!({
        "pattern": route.pattern(),
        "app": route.app().slug(),
        "methods": method_names(route.methods()),
        "preload": slugs(table, route.preload()),
        "on": environment.is_on(route.app()),
    })
}

/// What is loaded along with a route, for people.
fn preload(table: Table<'static>, route: RouteRecord<'static>) -> String {
    let preload = slugs(table, route.preload());
    if preload.is_empty() { String::new() } else { format!("with {}", preload.join(", ")) }
}

/// Looks up paths.
struct Lookup {
    table: Table<'static>,
    environment: Environment,
    method: Method,
    /// Where it is to be said why.
    explainer: Option<Explainer>,
}

impl Lookup {
    fn each_line(&self, ctx: &mut Ctx) -> Result<(), Failure> {
        let fail = |error: io::Error| Trouble::new("failed to read stdin").because(&error).problem();
        let mut stdin = BufReader::with_capacity(64 * 1024, io::stdin().lock());
        let (mut line, mut lines) = (Vec::new(), Columns::default());
        while ctx.out.is_read() && stdin.read_until(b'\n', &mut line).map_err(fail)? > 0 {
            let path = line.strip_suffix(b"\n").unwrap_or(&line);
            self.tell(path.strip_suffix(b"\r").unwrap_or(path), &mut lines, ctx)?;
            line.clear();
        }
        ctx.out.text(lines)
    }

    /// Says who serves a path; returns whether somebody does, or sends the client to where somebody does. For people,
    /// the answer is the next of the `lines`, unless it is explained.
    fn tell(&self, given: &[u8], lines: &mut Columns, ctx: &mut Ctx) -> Result<bool, Failure> {
        let path = path_of(given);
        let found = self.table.find_on(self.method, path, |app| self.environment.is_on(app));
        if ctx.out.is_json() {
            ctx.out.json(&self.to_json(path, &found))?;
        } else if let Some(explainer) = &self.explainer {
            let mut line = Columns::default();
            line.row(self.line(path, &found));
            ctx.out.text(line)?;
            ctx.out.text(explainer.columns(path, &self.table.find(self.method, path)))?;
            ctx.out.text(explainer.effort(path))?;
        } else {
            lines.row(self.line(path, &found));
        }
        Ok(match &found {
            Found::Match(found) => self.environment.is_on(found.app()),
            Found::Redirect { .. } => true,
            Found::WrongMethod(_) | Found::Nothing => false,
        })
    }

    fn to_json(&self, path: &[u8], found: &Found<'static, '_>) -> Value {
        let mut line = json!({ "path": text_of(path), "app": null });
        match found {
            Found::Match(found) if !self.environment.is_on(found.app()) => line["off"] = found.app().slug().into(),
            Found::Match(found) => {
                line["app"] = found.app().slug().into();
                line["pattern"] = found.route().pattern().into();
                line["params"] = params_of(found.params());
                line["preload"] = slugs(self.table, found.route().preload()).into();
            }
            Found::WrongMethod(methods) => line["allow"] = method_names(*methods).into(),
            Found::Redirect { location } => line["redirect"] = text_of(location).into(),
            Found::Nothing => {}
        }
        if let Some(explainer) = &self.explainer {
            line["candidates"] = explainer.json(path, &self.table.find(self.method, path));
            line["probes"] = self.table.probes(path).into();
            line["bound"] = self.table.probe_bound().into();
        }
        line
    }

    /// The path, who serves it, and by which pattern with which params.
    fn line(&self, path: &[u8], found: &Found<'static, '_>) -> [String; 4] {
        let path = shown(path).into_owned();
        match found {
            Found::Match(found) if !self.environment.is_on(found.app()) => {
                let why = format!("`{}` is switched off", found.app().slug());
                [path, "nobody".to_owned(), found.route().pattern().to_owned(), why]
            }
            Found::Match(found) => {
                let route = found.route();
                let params = found.params().map(|(name, param)| format!("{name}={}", shown(param.raw())));
                let behind: Vec<String> = params.chain(Some(preload(self.table, route))).collect();
                let behind = behind.join("  ").trim_end().to_owned();
                [path, found.app().slug().to_owned(), route.pattern().to_owned(), behind]
            }
            Found::WrongMethod(methods) => {
                let methods = method_names(*methods).join(", ");
                let why = format!("under {}, only under {methods}", self.method.name());
                [path, "nobody".to_owned(), String::new(), why]
            }
            Found::Redirect { location } => {
                [path, "redirect".to_owned(), format!("to {}", shown(location)), String::new()]
            }
            Found::Nothing => {
                let why = if path.starts_with('/') { "" } else { "a path begins with `/`" };
                [path, "nobody".to_owned(), String::new(), why.to_owned()]
            }
        }
    }
}

fn params_of(params: Params<'_, '_>) -> Value {
    let params = params.map(|(name, param)| (name.to_owned(), text_of(param.raw()).into()));
    Value::Object(params.collect::<Map<_, _>>())
}
