//! `graph`: which app requires and uses which, circles marked.

use std::collections::HashMap;
use std::fmt::Write as _;

use bakehouse_codegen::model::{App, AppRef, Model};
use bakehouse_codegen::{Compilation, graph};
use bakehouse_runtime::Table;
use serde_json::{Value, json};

use super::Ctx;
use crate::args::{Drawing, Graph as Args};
use crate::failure::{Failure, Outcome, Verdict};
use crate::target::{self, Source, tell_errors};

pub(super) fn run(args: &Args, ctx: &mut Ctx) -> Outcome {
    let (graph, verdict) = match target::source(ctx)? {
        Source::Baked(store) => (Graph::of_table(target::baked(store).table), Verdict::Fine),
        Source::TableFile(path, bytes) => (Graph::of_table(target::from_file(&path, bytes)?.table), Verdict::Fine),
        Source::Manifest(path) => of_manifest(&target::compile_manifest(&path))?,
    };
    if ctx.out.is_json() {
        ctx.out.json(&graph.to_json())?;
    } else {
        ctx.out.text(match args.drawing {
            Drawing::Text => graph.text(),
            Drawing::Dot => graph.dot(),
            Drawing::Mermaid => graph.mermaid(),
        })?;
    }
    Ok(verdict)
}

/// The graph of what was baked. If there are errors it is drawn all the same, of all apps: a circle is one of them.
fn of_manifest(compilation: &Compilation) -> Result<(Graph, Verdict), Failure> {
    match (&compilation.baked, &compilation.model) {
        (Some(baked), _) => Ok((Graph::of_model(&baked.model), Verdict::Fine)),
        (None, Some(model)) => {
            tell_errors(compilation);
            Ok((Graph::of_model(model), Verdict::Problems))
        }
        (None, None) => Err(tell_errors(compilation)),
    }
}

/// An edge from one app to another, by their indices.
struct Edge {
    from: usize,
    to: usize,
    kind: &'static str,
    /// Whether a circle goes through it.
    in_circle: bool,
}

struct Graph {
    slugs: Vec<String>,
    edges: Vec<Edge>,
    /// The circles, each a way along edges whose end leads back to its beginning.
    circles: Vec<Vec<usize>>,
}

impl Graph {
    fn of_table(table: Table<'static>) -> Self {
        let slugs = table.apps().map(|app| app.slug().to_owned()).collect();
        let edges = table.apps().enumerate().flat_map(|(from, app)| {
            let requires = app.requires().map(|to| ("requires", to));
            requires.chain(app.uses().map(|to| ("uses", to))).map(move |(kind, to)| (from, to.0 as usize, kind))
        });
        Self::new(slugs, edges)
    }

    fn of_model(model: &Model) -> Self {
        let numbers: HashMap<&str, usize> =
            model.apps.iter().enumerate().rev().map(|(idx, app)| (app.slug.value.as_str(), idx)).collect();
        let numbers = &numbers;
        let number = |reference: &AppRef| numbers.get(model.resolve(&reference.name)?.slug.value.as_str()).copied();
        let edges_of = |(from, app): (usize, &App)| {
            let requires = app.requires.iter().map(|reference| ("requires", reference));
            let all = requires.chain(app.uses.iter().map(|reference| ("uses", reference)));
            all.filter_map(|(kind, reference)| Some((from, number(reference)?, kind))).collect::<Vec<_>>()
        };
        let slugs = model.apps.iter().map(|app| app.slug.value.clone()).collect();
        Self::new(slugs, model.apps.iter().enumerate().flat_map(edges_of))
    }

    fn new(slugs: Vec<String>, edges: impl Iterator<Item = (usize, usize, &'static str)>) -> Self {
        let edges: Vec<_> = edges.collect();
        let mut successors = vec![Vec::new(); slugs.len()];
        for (from, to, _) in &edges {
            successors[*from].push(*to);
        }
        let mut group_of = vec![None; slugs.len()];
        for (idx, group) in graph::groups(&successors).iter().enumerate() {
            for node in group {
                group_of[*node] = Some(idx);
            }
        }
        let in_circle = |from: usize, to: usize| group_of[from].is_some() && group_of[from] == group_of[to];
        let edges = edges.into_iter().map(|(from, to, kind)| Edge { from, to, kind, in_circle: in_circle(from, to) });
        Self { edges: edges.collect(), circles: graph::circles(&successors), slugs }
    }

    fn circle_slugs(&self) -> impl Iterator<Item = Vec<&str>> {
        self.circles.iter().map(|circle| circle.iter().map(|node| self.slugs[*node].as_str()).collect())
    }

    fn to_json(&self) -> Value {
        let edge = |edge: &Edge| json!({ "from": self.slugs[edge.from], "to": self.slugs[edge.to], "kind": edge.kind });
        json!({
            "edges": self.edges.iter().map(edge).collect::<Vec<_>>(),
            "cycles": self.circle_slugs().collect::<Vec<_>>(),
        })
    }

    fn text(&self) -> String {
        let mut columns = crate::output::Columns::default();
        for edge in &self.edges {
            let mark = if edge.in_circle { "in a circle" } else { "" };
            columns.row([&self.slugs[edge.from], edge.kind, &self.slugs[edge.to], mark]);
        }
        let mut out = columns.to_string();
        for circle in self.circle_slugs() {
            let first = circle.first().copied().unwrap_or_default();
            let _ = writeln!(out, "circle: {} -> {first}", circle.join(" -> "));
        }
        out
    }

    /// Edges of `uses` are dashed, those in a circle say so.
    fn dot(&self) -> String {
        let mut out = "digraph apps {\n  rankdir = LR;\n".to_owned();
        for edge in &self.edges {
            let mut style = if edge.kind == "uses" { vec!["style = dashed"] } else { Vec::new() };
            if edge.in_circle {
                style.push("label = circle");
            }
            let style = if style.is_empty() { String::new() } else { format!(" [{}]", style.join(", ")) };
            let _ = writeln!(out, "  \"{}\" -> \"{}\"{style};", self.slugs[edge.from], self.slugs[edge.to]);
        }
        out + "}\n"
    }

    /// As [`Graph::dot`]. Nodes have numbers, since Mermaid takes some slugs (`end`) for words of its own.
    fn mermaid(&self) -> String {
        let mut out = "graph LR\n".to_owned();
        let mut nodes: Vec<usize> = self.edges.iter().flat_map(|edge| [edge.from, edge.to]).collect();
        nodes.sort_unstable();
        nodes.dedup();
        for node in nodes {
            let _ = writeln!(out, "  {node}[\"{}\"]", self.slugs[node]);
        }
        for edge in &self.edges {
            let arrow = if edge.kind == "uses" { "-.->" } else { "-->" };
            let label = if edge.in_circle { "|circle|" } else { "" };
            let _ = writeln!(out, "  {} {arrow}{label} {}", edge.from, edge.to);
        }
        out
    }
}
