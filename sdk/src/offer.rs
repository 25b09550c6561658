//! How an app gives an interface to another without either knowing the other's type.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;

/// What an app gives its interfaces to. It keeps the one that somebody asks for.
pub struct Offer {
    wanted: TypeId,
    /// An `Arc<I>`, where `I` is what is wanted.
    given: Option<Box<dyn Any>>,
}

impl Offer {
    pub(crate) fn for_interface<I: ?Sized + 'static>() -> Self {
        Self { wanted: TypeId::of::<Arc<I>>(), given: None }
    }

    /// Gives an interface: `offer.give::<dyn Calendar>(self)`; for a second one, `self.clone()`.
    pub fn give<I: ?Sized + 'static>(&mut self, interface: Arc<I>) {
        if self.wanted == TypeId::of::<Arc<I>>() {
            self.given = Some(Box::new(interface));
        }
    }

    pub(crate) fn take<I: ?Sized + 'static>(self) -> Option<Arc<I>> {
        self.given?.downcast::<Arc<I>>().ok().map(|interface| *interface)
    }
}

impl fmt::Debug for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Offer").field("is_given", &self.given.is_some()).finish_non_exhaustive()
    }
}
