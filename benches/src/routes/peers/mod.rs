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
