//! `graph`: which app requires and uses which; circles marked, and the edges to cut where `requires` goes in them.

use std::fmt::Write as _;

use bakehouse_codegen::Compilation;
use bakehouse_codegen::graph::{self, Group};
use bakehouse_codegen::model::Model;
use bakehouse_runtime::{AppId, Table};
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
    mark: Mark,
}

/// How an edge stands to circles.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// It is in none.
    None,
    /// A circle goes through it.
    Circle,
    /// A circle of `requires` goes through it, and is to be cut here.
    Cut,
}

const REQUIRES: &str = "requires";
const USES: &str = "uses";

struct Graph {
    slugs: Vec<String>,
    edges: Vec<Edge>,
    /// The circles, each a way along edges whose end leads back to its beginning.
    circles: Vec<Vec<usize>>,
    /// The edges of `requires` to turn into `uses`, sorted; where there is one, nothing can be baked.
    cuts: Vec<(usize, usize)>,
}

impl Graph {
    fn of_table(table: Table<'static>) -> Self {
        let slugs = table.apps().map(|app| app.slug().to_owned()).collect();
        let requires: Vec<_> = table.apps().map(|app| numbers(app.requires())).collect();
        let uses: Vec<_> = table.apps().map(|app| numbers(app.uses())).collect();
        Self::new(slugs, &requires, &uses)
    }

    fn of_model(model: &Model) -> Self {
        let slugs = model.apps.iter().map(|app| app.slug.value.clone()).collect();
        Self::new(slugs, &model.requires(), &model.uses())
    }

    fn new(slugs: Vec<String>, requires: &[Vec<usize>], uses: &[Vec<usize>]) -> Self {
        let successors: Vec<_> = requires.iter().zip(uses).map(|(one, other)| [&one[..], other].concat()).collect();
        let groups = graph::groups(&successors);
        let mut group_of = vec![None; slugs.len()];
        for (idx, group) in groups.iter().enumerate() {
            for node in group.nodes() {
                group_of[*node] = Some(idx);
            }
        }
        let mut cuts: Vec<_> = graph::groups(requires).iter().flat_map(Group::cuts).collect();
        cuts.sort_unstable();
        let mark = |from: usize, to: usize, kind| {
            if kind == REQUIRES && cuts.binary_search(&(from, to)).is_ok() {
                Mark::Cut
            } else if group_of[from].is_some() && group_of[from] == group_of[to] {
                Mark::Circle
            } else {
                Mark::None
            }
        };
        let mut edges = Vec::new();
        for (from, (requires, uses)) in requires.iter().zip(uses).enumerate() {
            for (kind, list) in [(REQUIRES, requires), (USES, uses)] {
                edges.extend(list.iter().map(|&to| Edge { from, to, kind, mark: mark(from, to, kind) }));
            }
        }
        Self { circles: groups.iter().flat_map(Group::circles).collect(), slugs, edges, cuts }
    }

    fn circle_slugs(&self) -> impl Iterator<Item = Vec<&str>> {
        self.circles.iter().map(|circle| circle.iter().map(|node| self.slugs[*node].as_str()).collect())
    }

    fn to_json(&self) -> Value {
        let edge = |edge: &Edge| json!({ "from": self.slugs[edge.from], "to": self.slugs[edge.to], "kind": edge.kind });
        let cut = |(from, to): &(usize, usize)| json!({ "from": self.slugs[*from], "to": self.slugs[*to] });
        json!({
            "edges": self.edges.iter().map(edge).collect::<Vec<_>>(),
            "cycles": self.circle_slugs().collect::<Vec<_>>(),
            "cuts": self.cuts.iter().map(cut).collect::<Vec<_>>(),
        })
    }

    fn text(&self) -> String {
        let mut columns = crate::output::Columns::default();
        for edge in &self.edges {
            let mark = match edge.mark {
                Mark::None => "",
                Mark::Circle => "in a circle",
                Mark::Cut => "in a circle, to cut",
            };
            columns.row([self.slugs[edge.from].as_str(), edge.kind, &self.slugs[edge.to], mark]);
        }
        let mut out = columns.to_string();
        for circle in self.circle_slugs() {
            let first = circle.first().copied().unwrap_or_default();
            let _ = writeln!(out, "circle: {} -> {first}", circle.join(" -> "));
        }
        for (from, to) in &self.cuts {
            let _ = writeln!(out, "cut: {} -> {}, from `requires` to `uses`", self.slugs[*from], self.slugs[*to]);
        }
        out
    }

    /// Edges of `uses` are dashed, those in a circle and those to cut say so.
    fn dot(&self) -> String {
        let mut out = "digraph apps {\n  rankdir = LR;\n".to_owned();
        for edge in &self.edges {
            let mut style = if edge.kind == USES { vec!["style = dashed"] } else { Vec::new() };
            style.extend(match edge.mark {
                Mark::None => None,
                Mark::Circle => Some("label = circle"),
                Mark::Cut => Some("label = cut"),
            });
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
            let arrow = if edge.kind == USES { "-.->" } else { "-->" };
            let label = match edge.mark {
                Mark::None => "",
                Mark::Circle => "|circle|",
                Mark::Cut => "|cut|",
            };
            let _ = writeln!(out, "  {} {arrow}{label} {}", edge.from, edge.to);
        }
        out
    }
}

fn numbers(apps: impl Iterator<Item = AppId>) -> Vec<usize> {
    apps.map(|app| app.0 as usize).collect()
}
