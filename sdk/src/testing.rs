//! What an app's own tests need, without a host.
//!
//! ```
//! use bakehouse_sdk::testing::{self, TestContext};
//!
//! let ctx = TestContext::new("zoom").with_setting("client_id", "abc").build();
//! assert_eq!(ctx.setting("client_id").unwrap(), "abc");
//! assert_eq!(ctx.setting("secret").unwrap_err().variable(), "ZOOM_SECRET");
//!
//! let request = testing::request("GET", "/api/integrations/zoom/add?team=7");
//! assert_eq!(request.uri().path(), "/api/integrations/zoom/add");
//! ```

use std::any::Any;
use std::sync::Arc;

use bytes::Bytes;

use crate::{Context, MatchedRoute, Request};

/// A context in the making.
#[derive(Clone)]
pub struct TestContext {
    slug: String,
    metadata: String,
    settings: Vec<(String, String)>,
    /// By slug: an `Arc<I>` each, where `I` is the interface.
    interfaces: Vec<(String, Arc<dyn Any + Send + Sync>)>,
}

impl TestContext {
    /// The context of an app of that slug, without anything in it.
    pub fn new(slug: &str) -> Self {
        Self { slug: slug.to_owned(), metadata: "{}".to_owned(), settings: Vec::new(), interfaces: Vec::new() }
    }

    /// With a setting; of two for one key, the last counts. The environment is not read.
    #[must_use]
    pub fn with_setting(mut self, key: &str, value: &str) -> Self {
        self.settings.push((key.to_owned(), value.to_owned()));
        self
    }

    /// With metadata: a JSON object.
    #[must_use]
    pub fn with_metadata(mut self, json: &str) -> Self {
        json.clone_into(&mut self.metadata);
        self
    }

    /// With an interface that the app may use, as the app of that slug would give it; of two alike, the last counts.
    #[must_use]
    pub fn with_interface<I: ?Sized + Send + Sync + 'static>(mut self, slug: &str, interface: Arc<I>) -> Self {
        self.interfaces.push((slug.to_owned(), Arc::new(interface)));
        self
    }

    /// The context.
    pub fn build(self) -> Context {
        Context::of_test(self)
    }

    pub(crate) fn slug(&self) -> &str {
        &self.slug
    }

    pub(crate) fn metadata(&self) -> &str {
        &self.metadata
    }

    pub(crate) fn setting(&self, key: &str) -> Option<String> {
        self.settings.iter().rfind(|(known, _)| known == key).map(|(_, value)| value.clone())
    }

    pub(crate) fn interface<I: ?Sized + Send + Sync + 'static>(&self, slug: &str) -> Option<Arc<I>> {
        let mut given = self.interfaces.iter().rev().filter(|(known, _)| known == slug);
        given.find_map(|(_, interface)| interface.downcast_ref::<Arc<I>>().cloned())
    }
}

impl std::fmt::Debug for TestContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestContext").field("slug", &self.slug).finish_non_exhaustive()
    }
}

/// A request without a body.
///
/// # Panics
///
/// If the method or the target is not one.
#[track_caller]
pub fn request(method: &str, target: &str) -> Request {
    match http::Request::builder().method(method).uri(target).body(Bytes::new()) {
        Ok(request) => request,
        Err(error) => panic!("`{method} {target}` must be a request: {error}"),
    }
}

/// A request that came in through a pattern, so that [`RequestExt::param`](crate::RequestExt::param) finds its params.
///
/// # Panics
///
/// If the method or the target is not one.
#[track_caller]
pub fn routed(pattern: &'static str, method: &str, target: &str) -> Request {
    let mut request = request(method, target);
    request.extensions_mut().insert(MatchedRoute::of_pattern(pattern));
    request
}
