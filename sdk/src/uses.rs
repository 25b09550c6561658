//! An edge from one app to another, resolved when it is followed.

use std::any::type_name;
use std::error::Error;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::context::Home;
use crate::{Context, DynApp, Offer, Registry};
use bakehouse_runtime::AppId;
use bakehouse_runtime::registry::{LoadError, Why};
use bakehouse_runtime::table::AppRecord;

/// Another app's interface. An app may keep it for good: each [`Uses::get`] asks the registry anew.
pub struct Uses<I: ?Sized> {
    owner: Context,
    target: Target,
    interface: PhantomData<fn() -> Arc<I>>,
}

#[derive(Clone)]
enum Target {
    App {
        registry: &'static Registry,
        /// Not its number, which a swap of the table may change.
        slug: &'static str,
        edge: Edge,
    },
    /// What a test gave under this slug.
    Double(String),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Requires,
    Uses,
}

impl<I: ?Sized + Send + Sync + 'static> Uses<I> {
    pub(crate) fn new(owner: Context, slug: &str) -> Result<Self, UsesError> {
        let target = match &owner.home {
            Home::Host { registry, app } => resolve(registry, *app, slug)?,
            Home::Test(_) => Target::Double(slug.to_owned()),
        };
        Ok(Self { owner, target, interface: PhantomData })
    }

    /// The interface; its app is loaded if it is not.
    ///
    /// # Errors
    ///
    /// If the other app does not load or gives no such interface. Also while the app that asks is still being
    /// constructed, unless it `requires` the other one: two that use each other would wait for each other for ever.
    pub async fn get(&self) -> Result<Arc<I>, UsesError> {
        match &self.target {
            Target::App { registry, slug, edge } => self.follow(registry, slug, *edge).await,
            Target::Double(slug) => self.double(slug),
        }
    }

    async fn follow(&self, registry: &Registry, slug: &str, edge: Edge) -> Result<Arc<I>, UsesError> {
        if edge == Edge::Uses && !self.owner.is_constructed() {
            return Err(self.error(slug, Kind::Constructing));
        }
        let loaded =
            registry.load_named(slug, self.why()).await.map_err(|error| self.error(slug, Kind::Load(error)))?;
        interface_of(loaded.into_arc()).ok_or_else(|| self.error(slug, Kind::NoInterface(type_name::<I>())))
    }

    fn double(&self, slug: &str) -> Result<Arc<I>, UsesError> {
        let given = match &self.owner.home {
            Home::Test(test) => test.interface(slug),
            Home::Host { .. } => None,
        };
        given.ok_or_else(|| self.error(slug, Kind::NoInterface(type_name::<I>())))
    }

    fn why(&self) -> Why {
        match &self.owner.home {
            Home::Host { app, .. } => Why::Used(app.slug()),
            Home::Test(_) => Why::Call,
        }
    }

    fn error(&self, slug: &str, kind: Kind) -> UsesError {
        UsesError::new(self.owner.slug(), slug, kind)
    }
}

fn interface_of<I: ?Sized + 'static>(app: Arc<dyn DynApp>) -> Option<Arc<I>> {
    let mut offer = Offer::for_interface::<I>();
    app.provide(&mut offer);
    offer.take()
}

/// Finds the edge in the manifest of the app that asks.
fn resolve(registry: &'static Registry, owner: AppRecord<'static>, slug: &str) -> Result<Target, UsesError> {
    let error = |kind| UsesError::new(owner.slug(), slug, kind);
    let target = owner.table().resolve(slug).ok_or_else(|| error(Kind::Unknown))?;
    let edge = match target.id() {
        app if owner.requires().any(|required| required == app) => Edge::Requires,
        app if owner.uses().any(|used| used == app) => Edge::Uses,
        app => return Err(error(Kind::NotDeclared(line_to_write(owner, app)))),
    };
    Ok(Target::App { registry, slug: target.slug(), edge })
}

/// The manifest's `uses` as it should be.
fn line_to_write(owner: AppRecord<'static>, missing: AppId) -> String {
    let slugs = owner.uses().chain([missing]).map(|app| format!("\"{}\"", owner.table().app(app).slug()));
    format!("uses = [{}]", slugs.collect::<Vec<_>>().join(", "))
}

impl<I: ?Sized> Clone for Uses<I> {
    fn clone(&self) -> Self {
        Self { owner: self.owner.clone(), target: self.target.clone(), interface: PhantomData }
    }
}

impl<I: ?Sized> fmt::Debug for Uses<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let target = match &self.target {
            Target::App { slug, .. } => slug,
            Target::Double(slug) => slug.as_str(),
        };
        let mut uses = f.debug_struct("Uses");
        uses.field("owner", &self.owner.slug()).field("target", &target).field("interface", &type_name::<I>()).finish()
    }
}

/// Why an app can't use another.
#[derive(Debug, Clone)]
pub struct UsesError {
    owner: String,
    target: String,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    /// The line that the manifest should have.
    NotDeclared(String),
    Unknown,
    Constructing,
    /// The name of the trait.
    NoInterface(&'static str),
    Load(LoadError),
}

impl UsesError {
    fn new(owner: &str, target: &str, kind: Kind) -> Self {
        Self { owner: owner.to_owned(), target: target.to_owned(), kind }
    }

    /// The slug of the app that asks.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The slug of the app that it asks for.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// Whether the manifest of the app that asks does not name the other one.
    pub fn is_not_declared(&self) -> bool {
        matches!(self.kind, Kind::NotDeclared(_))
    }

    /// Whether this host has no such app.
    pub fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::Unknown)
    }

    /// Whether the app that asks is still being constructed.
    pub fn is_constructing(&self) -> bool {
        matches!(self.kind, Kind::Constructing)
    }

    /// Whether the other app does not give that interface.
    pub fn is_no_interface(&self) -> bool {
        matches!(self.kind, Kind::NoInterface(_))
    }

    /// Why the other app did not load.
    pub fn load_error(&self) -> Option<&LoadError> {
        match &self.kind {
            Kind::Load(error) => Some(error),
            _ => None,
        }
    }

    /// Whether it may be otherwise later.
    pub(crate) fn is_passing(&self) -> bool {
        match &self.kind {
            Kind::Constructing => true,
            Kind::Load(error) => !error.is_declarative() && !error.is_not_in_table(),
            _ => false,
        }
    }
}

impl fmt::Display for UsesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { owner, target, kind } = self;
        match kind {
            Kind::NotDeclared(line) => {
                write!(f, "app `{owner}` does not declare that it uses `{target}`: its app.toml needs `{line}`")
            }
            Kind::Unknown => write!(f, "app `{owner}` asks for app `{target}`, which this host does not have"),
            Kind::Constructing => {
                write!(f, "app `{owner}` can't use `{target}` while it is still being constructed")
            }
            Kind::NoInterface(name) => write!(f, "app `{target}` does not give `{owner}` the interface `{name}`"),
            Kind::Load(_) => write!(f, "app `{owner}` can't use `{target}`"),
        }
    }
}

impl Error for UsesError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.load_error().map(|error| error as &(dyn Error + 'static))
    }
}
