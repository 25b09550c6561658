//! The peers, each behind [`Peer`] and with the patterns in its own syntax.
//!
//! Params keep their names. A peer that tries its patterns in the order in which they were inserted gets them in order of
//! precedence; the others get them in the order of the set.

mod actix;
mod map;
mod matchit;
mod path_tree;
mod recognizer;
mod wayfind;

use super::contender::Peer;
use crate::Result;

/// Somebody who is shown the type of each peer.
pub(super) trait Visitor {
    fn visit<P: Peer>(&mut self) -> Result<()>;
}

/// Shows the routers.
pub(super) fn visit_routers(visitor: &mut impl Visitor) -> Result<()> {
    visitor.visit::<::matchit::Router<u32>>()?;
    visitor.visit::<wayfind::Wayfind>()?;
    visitor.visit::<::path_tree::PathTree<u32>>()?;
    visitor.visit::<route_recognizer::Router<u32>>()?;
    visitor.visit::<actix_router::Router<u32>>()
}

/// Shows the maps, which can hold nothing but literal patterns.
pub(super) fn visit_maps(visitor: &mut impl Visitor) -> Result<()> {
    visitor.visit::<map::Phf>()?;
    visitor.visit::<map::Std>()?;
    visitor.visit::<map::Hashbrown>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::contender::Built;
    use crate::routes::course::Course;
    use crate::routes::sets::of_one_app;

    /// Says of each peer how many routes it refuses, and how many it gives to another or with other params.
    struct Told<'s> {
        patterns: &'s [&'s str],
        lines: Vec<String>,
    }

    impl Visitor for Told<'_> {
        fn visit<P: Peer>(&mut self) -> Result<()> {
            let patterns = self.patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
            let set = of_one_app("test", "test", patterns)?;
            let Built { peer, n_refused } = P::build(&set.routes);
            let n_otherwise = set.routes.len() - n_refused - Course::of(&set, &peer).n_routes();
            self.lines.push(format!("{} {n_refused} {n_otherwise}", P::NAME));
            Ok(())
        }
    }

    fn check(patterns: &[&str], expect: [&str; 5]) {
        let mut told = Told { patterns, lines: Vec::new() };
        visit_routers(&mut told).unwrap();
        assert_eq!(told.lines, expect, "{patterns:?}");
    }

    #[test]
    fn literals_params_and_catch_alls() {
        check(
            &["/a", "/a/", "/a/{b}", "/a/{b}/c", "/a/{b}/{c}", "/d/{*e}", "/d/f/{g}"],
            ["matchit 0 0", "wayfind 0 0", "path-tree 0 0", "route-recognizer 0 0", "actix-router 0 0"],
        );
    }

    #[test]
    fn precedence_is_not_the_order_of_insertion() {
        check(
            &["/{a}/{b}", "/{a}/c", "/d/{b}", "/d/v{b}", "/d/{*e}", "/d/c"],
            ["matchit 1 0", "wayfind 0 0", "path-tree 0 0", "route-recognizer 1 0", "actix-router 0 0"],
        );
    }

    /// In `g-value-h-value`, ours cuts at the first `-`, wayfind and regular expressions at the last.
    #[test]
    fn text_beside_params() {
        check(
            &["/a/{b}.json", "/b/v{c}", "/c/{d}:cancel", "/d/{e}_x", "/e/{f}.{g}", "/f/{g}-{h}"],
            ["matchit 2 0", "wayfind 0 1", "path-tree 0 0", "route-recognizer 4 0", "actix-router 0 1"],
        );
    }

    #[test]
    fn text_that_a_syntax_gives_a_meaning() {
        check(
            &["/a/:b", "/a/*", "/b+/{c}", "/c/<d>", "/d/{{e}}", "/f\\g"],
            ["matchit 0 0", "wayfind 1 0", "path-tree 1 0", "route-recognizer 3 0", "actix-router 2 0"],
        );
    }
}
