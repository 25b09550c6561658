//! Circles and the edges to cut, held against every order of the nodes, and on graphs of the sizes that hosts have.

use std::collections::BTreeSet;

use bakehouse_codegen::graph::{Group, groups};
use proptest::prelude::*;

type Edges = Vec<Vec<usize>>;

/// Whether one node can be reached from another along one edge or more.
fn reaches(edges: &Edges, from: usize, to: usize) -> bool {
    let (mut open, mut seen) = (edges[from].clone(), BTreeSet::new());
    while let Some(node) = open.pop() {
        if seen.insert(node) {
            open.extend(&edges[node]);
        }
    }
    seen.contains(&to)
}

fn has_circle(edges: &Edges) -> bool {
    (0..edges.len()).any(|node| reaches(edges, node, node))
}

fn without(edges: &Edges, cuts: &BTreeSet<(usize, usize)>) -> Edges {
    let keep = |from: usize, edges: &[usize]| edges.iter().copied().filter(|to| !cuts.contains(&(from, *to))).collect();
    edges.iter().enumerate().map(|(from, edges)| keep(from, edges)).collect()
}

fn cuts(edges: &Edges) -> BTreeSet<(usize, usize)> {
    groups(edges).iter().flat_map(Group::cuts).collect()
}

fn assert_cuts_are_minimal(edges: &Edges) {
    let cuts = cuts(edges);
    assert!(cuts.iter().all(|(from, to)| edges[*from].contains(to)), "{cuts:?} are edges of {edges:?}");
    assert!(!has_circle(&without(edges, &cuts)), "{cuts:?} leave a circle in {edges:?}");
    for cut in &cuts {
        let mut fewer = cuts.clone();
        fewer.remove(cut);
        assert!(has_circle(&without(edges, &fewer)), "{cut:?} of {cuts:?} is not needed in {edges:?}");
    }
}

/// The fewest edges that lead backwards, or nowhere, in any order of the nodes.
fn fewest(edges: &Edges, order: &mut Vec<usize>) -> usize {
    if order.len() == edges.len() {
        let place = |node: usize| order.iter().position(|other| *other == node);
        let all = edges.iter().enumerate().flat_map(|(from, edges)| edges.iter().map(move |to| (from, *to)));
        let backwards: BTreeSet<_> = all.filter(|(from, to)| place(*from) >= place(*to)).collect();
        return backwards.len();
    }
    let mut best = usize::MAX;
    for node in 0..edges.len() {
        if !order.contains(&node) {
            order.push(node);
            best = best.min(fewest(edges, order));
            order.pop();
        }
    }
    best
}

/// Graphs of that many nodes and edges; an edge may be given twice, or lead back to its node.
fn graphs(n_nodes: std::ops::Range<usize>, n_edges: std::ops::Range<usize>) -> impl Strategy<Value = Edges> {
    n_nodes.prop_flat_map(move |n| {
        prop::collection::vec((0..n, 0..n), n_edges.clone()).prop_map(move |pairs| {
            let mut edges = vec![Vec::new(); n];
            for (from, to) in pairs {
                edges[from].push(to);
            }
            edges
        })
    })
}

proptest! {
    #[test]
    fn groups_are_of_nodes_that_reach_one_another(edges in graphs(1..9, 0..20)) {
        let groups = groups(&edges);
        for from in 0..edges.len() {
            let expected: Vec<usize> =
                (0..edges.len()).filter(|to| reaches(&edges, from, *to) && reaches(&edges, *to, from)).collect();
            let found = groups.iter().find(|group| group.nodes().contains(&from));
            prop_assert_eq!(found.map(Group::nodes).unwrap_or_default(), expected);
        }
    }

    #[test]
    fn circles_are_ways_along_edges_that_pass_every_node(edges in graphs(1..9, 0..20)) {
        for group in groups(&edges) {
            let circles = group.circles().into_iter().chain(group.cuts().into_iter().map(|cut| group.circle_through(cut)));
            let mut passed = BTreeSet::new();
            for circle in circles {
                let ends = circle.iter().zip(circle.iter().cycle().skip(1));
                prop_assert!(!circle.is_empty() && ends.clone().all(|(from, to)| edges[*from].contains(to)));
                prop_assert_eq!(circle.iter().collect::<BTreeSet<_>>().len(), circle.len());
                passed.extend(circle);
            }
            prop_assert_eq!(passed.into_iter().collect::<Vec<_>>(), group.nodes());
        }
    }

    #[test]
    fn a_circle_through_an_edge_ends_in_it(edges in graphs(1..9, 0..20)) {
        for group in groups(&edges) {
            for (from, to) in group.cuts() {
                let circle = group.circle_through((from, to));
                prop_assert_eq!((circle.first(), circle.last()), (Some(&to), Some(&from)));
            }
        }
    }

    #[test]
    fn cuts_of_a_small_group_are_the_fewest(edges in graphs(1..7, 0..16)) {
        assert_cuts_are_minimal(&edges);
        prop_assert_eq!(cuts(&edges).len(), fewest(&edges, &mut Vec::new()));
    }

    #[test]
    fn cuts_of_a_large_group_leave_no_circle_and_none_is_idle(edges in graphs(13..40, 20..160)) {
        assert_cuts_are_minimal(&edges);
    }
}

/// Nodes that each lead to the next and back.
fn chain_of_pairs(n_pairs: usize) -> Edges {
    let neighbours = |node: usize| [node.checked_sub(1), (node < n_pairs).then_some(node + 1)];
    (0..=n_pairs).map(|node| neighbours(node).into_iter().flatten().collect()).collect()
}

#[test]
fn pairs_are_groups_of_their_own_with_a_cut_each() {
    let edges: Edges = (0..528).map(|node| vec![node ^ 1]).collect();
    assert_eq!(groups(&edges).len(), 264);
    assert_eq!(cuts(&edges), (0..264).map(|pair| (2 * pair + 1, 2 * pair)).collect());
}

#[test]
fn pairs_in_a_chain_are_one_group_with_a_cut_for_each() {
    let edges = chain_of_pairs(264);
    assert_eq!(groups(&edges).len(), 1);
    assert_eq!(cuts(&edges).len(), 264);
    assert_cuts_are_minimal(&edges);
}

#[test]
fn a_complete_graph_loses_half_its_edges() {
    let edges: Edges = (0..60).map(|from| (0..60).filter(|to| *to != from).collect()).collect();
    assert_eq!(cuts(&edges).len(), 60 * 59 / 2);
}

/// Many circles of which all share one edge.
#[test]
fn an_edge_that_all_circles_share_is_the_one_to_cut() {
    let mut edges: Edges = (0..100).map(|_| vec![0]).collect();
    edges[0] = vec![1];
    edges[1] = (2..100).collect();
    assert_eq!(cuts(&edges), BTreeSet::from([(0, 1)]));
}

#[test]
fn graphs_far_larger_than_hosts_are_no_matter() {
    let n = 200_000;
    let ring: Edges = (0..n).map(|node| vec![(node + 1) % n]).collect();
    let group = &groups(&ring)[0];
    assert_eq!((group.nodes().len(), group.cuts().len(), group.circles().len()), (n, 1, 1));
    assert_eq!(cuts(&chain_of_pairs(n)).len(), n);
}
