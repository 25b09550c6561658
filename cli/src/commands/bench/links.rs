//! The whole link plan carried out, into an empty folder and again, against copying.

use std::path::Path;
use std::time::Duration;

use bakehouse_runtime::Table;
use bakehouse_runtime::environment::Environment;
use bakehouse_runtime::link::{LinkMode, LinkOptions, LinkPlan, Place, link};

use super::book::{Book, Contender};
use super::interrupt::Interrupt;
use super::yard::{ROOM, Site, Yard};
use crate::commands::link::{stopped, tell_failure};
use crate::failure::{Failure, Trouble};

/// The plan, and a place for each way.
pub(super) struct Links<'p> {
    table: Table<'static>,
    root: &'p Path,
    plan: LinkPlan<'static>,
    sites: [(Contender, Option<LinkMode>, Site); 2],
}

impl<'p> Links<'p> {
    pub(super) fn new(
        table: Table<'static>,
        environment: &Environment,
        root: &'p Path,
        yard: &Yard,
        book: &mut Book,
    ) -> Self {
        let plan = LinkPlan::new(table, environment);
        if plan.links.is_empty() {
            book.note("link: left out, since no app has assets");
        }
        let sites = [
            (Contender::Default, None, yard.site("linked")),
            (Contender::CopyEager, Some(LinkMode::Copy), yard.site("copied")),
        ];
        Self { table, root, plan, sites }
    }

    pub(super) fn measure(&self, interrupt: &Interrupt, book: &mut Book) -> Result<(), Failure> {
        if self.plan.links.is_empty() {
            return Ok(());
        }
        for (contender, mode, site) in &self.sites {
            site.clear()?;
            for part in ["link, empty public folder", "link, nothing changed"] {
                interrupt.check()?;
                book.add(part, *contender, self.link(*mode, site)?);
            }
        }
        Ok(())
    }

    fn link(&self, mode: Option<LinkMode>, site: &Site) -> Result<Duration, Failure> {
        let place = Place { root: self.root, public: &site.public, state: &site.state };
        let options = LinkOptions { mode, ..LinkOptions::default() };
        let slug = |app| self.table.app(app).slug();
        let report = link(&self.plan.links, slug, self.plan.hash, &place, &options).map_err(|error| stopped(&error))?;
        if report.is_fine() {
            return Ok(report.elapsed);
        }
        report.failed.iter().for_each(tell_failure);
        Err(Trouble::new("the assets can't all be linked in a temporary folder").help(ROOM).problem())
    }
}
