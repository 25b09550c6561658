//! What a host decides about its registry.

use std::sync::Arc;

use bakehouse_runtime::environment::Environment;
use bakehouse_runtime::registry::{Observer, StartOptions, TimeLimit};
use tokio::runtime::Handle;

use crate::config::Config;
use crate::linker::Linker;
use crate::trace;

/// What the operator decides about the registry, and what sees to assets and time for it.
pub(crate) fn start_options(config: &Config, environment: &Environment, links: &Arc<Linker>) -> StartOptions {
    // An app may be loaded from a thread that knows no executor.
    let executor = Handle::current();
    let sleep = move |time| -> bakehouse_sdk::BoxFuture<'static, ()> {
        let _entered = executor.enter();
        Box::pin(tokio::time::sleep(time))
    };
    StartOptions {
        assets: Some(links.assets()),
        observer: Some(config.observer.iter().cloned().fold(trace::loads(), Observer::and)),
        max_loaded: config.max_loaded,
        time_limit: Some(TimeLimit::new(config.load_limit, sleep)),
        ..environment.start_options()
    }
}
