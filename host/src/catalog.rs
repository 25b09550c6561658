//! The apps as pages and JSON show them: the table's record of each, its icon, and whether it is loaded.

use std::sync::OnceLock;

use bakehouse_runtime::registry::State;
use bakehouse_runtime::table::{AppRecord, RouteRecord};
use bakehouse_runtime::{AppId, Method};
use bakehouse_sdk::Edition;
use serde_json::{Value, json};

use crate::files::href;
use crate::icon;

/// Every app of a table, with what is worked out once: where its icon is.
pub(crate) struct Catalog {
    edition: Edition,
    /// By number. Filled when somebody first looks, since no start should wait for it.
    icons: OnceLock<Vec<Option<String>>>,
}

/// One app.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'c> {
    pub(crate) app: AppRecord<'static>,
    /// Where its icon is, percent-encoded; none for an app without one.
    pub(crate) icon: Option<&'c str>,
    pub(crate) state: State,
}

impl Catalog {
    pub(crate) fn new(edition: Edition) -> Self {
        Self { edition, icons: OnceLock::new() }
    }

    /// The host's name.
    pub(crate) fn host_name(&self) -> &'static str {
        self.edition.table().host_name()
    }

    /// Every app, sorted by slug.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.edition.table().apps().map(|app| self.entry(app))
    }

    /// The entry of one app.
    pub(crate) fn entry(&self, app: AppRecord<'static>) -> Entry<'_> {
        let icons = self.icons.get_or_init(|| self.edition.table().apps().map(icon_href).collect());
        let icon = usize::try_from(app.id().0).ok().and_then(|idx| icons.get(idx)?.as_deref());
        let state = self.edition.state(app.id());
        // The assets of an app that is off are not there.
        Entry { app, icon: icon.filter(|_| state != State::Off), state }
    }

    /// The slug of an app.
    pub(crate) fn slug(&self, app: AppId) -> &'static str {
        self.edition.table().app(app).slug()
    }

    /// An app in one line of a list.
    pub(crate) fn summary(entry: Entry<'_>) -> Value {
        let app = entry.app;
        json!({
            "slug": app.slug(),
            "name": app.name(),
            "description": app.description(),
            "publisher": app.publisher(),
            "categories": app.categories().collect::<Vec<_>>(),
            "icon": entry.icon,
            "href": page(entry),
            "core": app.is_core(),
            "state": word(entry.state),
        })
    }

    /// All that the table says about an app, but for where its files are.
    pub(crate) fn record(&self, entry: Entry<'_>) -> Value {
        let app = entry.app;
        let routes = app.routes().map(|route| {
            let methods: Vec<&str> = route.methods().iter().map(Method::name).collect();
            json!({ "pattern": route.pattern(), "methods": methods })
        });
        let mut record = Self::summary(entry);
        let more = json!({
            "aliases": app.aliases().collect::<Vec<_>>(),
            "requires": app.requires().map(|app| self.slug(app)).collect::<Vec<_>>(),
            "uses": app.uses().map(|app| self.slug(app)).collect::<Vec<_>>(),
            "routes": routes.collect::<Vec<_>>(),
            "metadata": metadata(app),
        });
        if let (Value::Object(record), Value::Object(more)) = (&mut record, more) {
            record.extend(more);
        }
        record
    }
}

/// The app's metadata: a JSON object.
pub(crate) fn metadata(app: AppRecord<'_>) -> Value {
    serde_json::from_str(app.metadata()).unwrap_or_default()
}

/// A path at which the app has something to show: of its patterns that take GET and have no params, the first that has
/// its slug as a part, else the first.
pub(crate) fn page(entry: Entry<'_>) -> Option<&'static str> {
    if entry.state == State::Off {
        return None;
    }
    let gets = entry.app.routes().filter(|route| route.methods().contains(Method::GET));
    let mut paths = gets.map(RouteRecord::pattern).filter(|pattern| !pattern.contains(['{', '}']));
    let has_slug = |path: &&str| path.split('/').any(|part| part == entry.app.slug());
    paths.clone().find(has_slug).or_else(|| paths.next())
}

/// The word for a state.
pub(crate) fn word(state: State) -> &'static str {
    match state {
        State::Declarative => "declarative",
        State::Off => "off",
        State::Idle => "idle",
        State::Loading => "loading",
        State::Loaded => "loaded",
        State::Failed => "failed",
        _ => "unknown",
    }
}

fn icon_href(app: AppRecord<'static>) -> Option<String> {
    icon::choose(app).map(|public| href(&public))
}
