//! Finds the constructor of an app by the app's name, a slug or an alias.
//!
//! Input: a table and what is bound to its apps, once. A table finds any of its apps by name, and is read with
//! care; here are only the apps that have code, in an index made for looking them up again and again.

use super::bind::Binding;
use crate::Table;
use crate::table::hash::hash;

/// An open hash table: a name lies at its hash, or behind it where that is taken.
#[derive(Debug)]
pub(super) struct Names {
    /// A power of two, half of them or more empty.
    places: Box<[Option<Name>]>,
}

#[derive(Debug, Clone, Copy)]
struct Name {
    text: &'static str,
    constructor: usize,
}

impl Names {
    pub(super) fn new(table: Table<'static>, binding: &Binding) -> Self {
        let n_names: usize = binding.apps().map(|(app, _)| 1 + table.app(app).aliases().len()).sum();
        let mut names = Self { places: vec![None; (n_names * 2).next_power_of_two()].into() };
        for (app, constructor) in binding.apps() {
            let app = table.app(app);
            names.insert(Name { text: app.slug(), constructor });
            for text in app.aliases() {
                names.insert(Name { text, constructor });
            }
        }
        names
    }

    /// The place of the constructor whose app has that name.
    #[inline]
    pub(super) fn get(&self, text: &str) -> Option<usize> {
        let mut at = hash(text.as_bytes());
        while let Some(name) = self.places[self.wrap(at)] {
            if name.text == text {
                return Some(name.constructor);
            }
            at = at.wrapping_add(1);
        }
        None
    }

    /// Of two apps with the same name, which only a wrong table has, the first keeps it.
    fn insert(&mut self, name: Name) {
        let mut at = hash(name.text.as_bytes());
        while let Some(taken) = self.places[self.wrap(at)] {
            if taken.text == name.text {
                return;
            }
            at = at.wrapping_add(1);
        }
        self.places[self.wrap(at)] = Some(name);
    }

    #[expect(clippy::cast_possible_truncation, reason = "the low bits are those that count")]
    fn wrap(&self, at: u64) -> usize {
        at as usize & (self.places.len() - 1)
    }
}
