//! Loads the apps that were used most before somebody needs them, once the host is ready: one at a time, in the baked
//! order, and only as many as may be loaded.

use bakehouse_runtime::registry::{LoadError, State, Why};
use bakehouse_runtime::{AppId, Table};
use bakehouse_sdk::Edition;
use tokio::task::yield_now;

use crate::trouble::{Listener, Trouble, causes};

/// Loads the apps that the table names for it.
pub(crate) async fn run(edition: Edition, max_loaded: Option<usize>, listener: Listener) {
    let max_loaded = max_loaded.unwrap_or(usize::MAX);
    for app in edition.table().warm_up() {
        // Whoever waits for an answer goes first.
        yield_now().await;
        let cold = cold(edition, app);
        if n_loaded(edition).saturating_add(cold.len()) > max_loaded {
            break;
        }
        if !cold.contains(&app) {
            continue;
        }
        if let Err(error) = edition.load_for(app, Why::WarmUp).await {
            tell(edition.table(), app, &error, &listener);
        }
    }
}

/// How many apps are loaded.
fn n_loaded(edition: Edition) -> usize {
    edition.metrics().iter().filter(|app| app.state == State::Loaded).count()
}

/// The app and all that it requires, as far as they are on and have code that is not loaded.
fn cold(edition: Edition, app: AppId) -> Vec<AppId> {
    let (mut open, mut met) = (vec![app], Vec::new());
    while let Some(app) = open.pop() {
        if !met.contains(&app) {
            met.push(app);
            open.extend(edition.table().app(app).requires());
        }
    }
    met.retain(|app| matches!(edition.state(*app), State::Idle | State::Failed));
    met
}

/// Says why an app is not warm: once, and the host goes on.
fn tell(table: Table<'static>, app: AppId, error: &LoadError, listener: &Listener) {
    let causes = causes(error).map(ToString::to_string).collect();
    let app = Some(table.app(app).slug());
    listener.tell(&Trouble { app, request: None, message: error.to_string(), causes });
}
