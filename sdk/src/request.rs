//! What an app reads of a request.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

use bakehouse_runtime::find::{Params, RawParam};
use bakehouse_runtime::table::RouteRecord;

/// A request, its body whole.
pub type Request = http::Request<Bytes>;

/// The route that a request came in by; the host puts it into the request's extensions.
#[derive(Debug, Clone, Copy)]
pub struct MatchedRoute {
    route: Entrance,
}

#[derive(Debug, Clone, Copy)]
enum Entrance {
    Route(RouteRecord<'static>),
    /// A test's.
    Pattern(&'static str),
}

impl MatchedRoute {
    /// That route.
    pub fn new(route: RouteRecord<'static>) -> Self {
        Self { route: Entrance::Route(route) }
    }

    pub(crate) fn of_pattern(pattern: &'static str) -> Self {
        Self { route: Entrance::Pattern(pattern) }
    }

    fn params<'p>(&self, path: &'p [u8]) -> Params<'static, 'p> {
        match self.route {
            Entrance::Route(route) => route.params(path),
            Entrance::Pattern(pattern) => Params::of(pattern, path),
        }
    }
}

mod sealed {
    /// Keeps [`RequestExt`](super::RequestExt) to requests, so that it can grow.
    pub trait Sealed {}

    impl<B> Sealed for http::Request<B> {}
}

/// What an app reads of a request beside what `http` knows. Only requests have it.
pub trait RequestExt: sealed::Sealed {
    /// What a param of the route's pattern took of the path; `None` if the pattern has no such param.
    fn param(&self, name: &str) -> Option<RawParam<'_>>;

    /// The pairs of the query.
    fn query(&self) -> Query<'_>;

    /// The pattern that the request came in by, as baked: what an app with several tells them apart by. `None` for a
    /// request that came in by no route.
    fn pattern(&self) -> Option<&'static str>;

    /// The route that the request came in by; `None` if it did not come from a host.
    fn route(&self) -> Option<RouteRecord<'static>>;
}

impl<B> RequestExt for http::Request<B> {
    fn param(&self, name: &str) -> Option<RawParam<'_>> {
        let route = self.extensions().get::<MatchedRoute>()?;
        route.params(self.uri().path().as_bytes()).get(name)
    }

    fn query(&self) -> Query<'_> {
        Query { pairs: form_urlencoded::parse(self.uri().query().unwrap_or_default().as_bytes()) }
    }

    fn pattern(&self) -> Option<&'static str> {
        match self.extensions().get::<MatchedRoute>()?.route {
            Entrance::Route(route) => Some(route.pattern()),
            Entrance::Pattern(pattern) => Some(pattern),
        }
    }

    fn route(&self) -> Option<RouteRecord<'static>> {
        match self.extensions().get::<MatchedRoute>()?.route {
            Entrance::Route(route) => Some(route),
            Entrance::Pattern(_) => None,
        }
    }
}

/// The pairs of a query, `%` and `+` decoded, in the order of the query. What is not UTF-8 comes as U+FFFD.
#[derive(Clone)]
pub struct Query<'q> {
    pairs: form_urlencoded::Parse<'q>,
}

impl<'q> Query<'q> {
    /// The value of the first pair of that name.
    pub fn get(&self, name: &str) -> Option<Cow<'q, str>> {
        self.clone().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

impl<'q> Iterator for Query<'q> {
    type Item = (Cow<'q, str>, Cow<'q, str>);

    fn next(&mut self) -> Option<Self::Item> {
        self.pairs.next()
    }
}

impl fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.clone()).finish()
    }
}
