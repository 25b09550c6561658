//! A host of one request at a time: finds a route, loads its app, calls it. No C here.

use std::ffi::{CStr, CString, NulError};

use bakehouse_runtime::Method;
use bakehouse_runtime::find::Found as Search;
use bakehouse_sdk::bytes::Bytes;
use bakehouse_sdk::http::{self, header, request};
use bakehouse_sdk::{MatchedRoute, Request, Response, RouteRecord, StartOptions, block_on};
use http_body_util::BodyExt as _;

use crate::failure::{Code, Failure};
use crate::store::{REGISTRY, TABLE};

/// A request, and the route that was found for it.
#[derive(Debug)]
pub struct Found {
    request: request::Parts,
    route: RouteRecord<'static>,
    slug: CString,
    params: Vec<(CString, CString)>,
}

/// An app's answer, as C may look at it.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) content_type: Option<CString>,
    pub(crate) body: Bytes,
}

pub(crate) fn start() -> Result<(), Failure> {
    bakehouse_sdk::start(&REGISTRY, StartOptions::default()).map_err(|error| Failure::new(Code::Unavailable, &error))
}

/// # Errors
/// If that is no request, and if no route serves it as it is.
pub(crate) fn find(method: &str, target: &str) -> Result<Found, Failure> {
    let request = http::Request::builder().method(method).uri(target).body(Bytes::new());
    let mut request = request.map_err(|error| Failure::new(Code::WrongCall, &error))?;
    let path = request.uri().path().to_owned();
    let route = match TABLE.find(Method::new(method), path.as_bytes()) {
        Search::Match(found) => found.route(),
        Search::WrongMethod(methods) => {
            let names: Vec<_> = methods.iter().map(Method::name).collect();
            return Err(Failure::new(Code::WrongMethod, &names.join(", ")));
        }
        Search::Redirect { location } => {
            return Err(Failure::new(Code::Elsewhere, &String::from_utf8_lossy(&location)));
        }
        Search::Nothing => return Err(Failure::new(Code::Nothing, &"nobody serves the path")),
    };
    request.extensions_mut().insert(MatchedRoute::new(route));
    let texts = texts(route, &path).map_err(|error| Failure::new(Code::WrongCall, &error))?;
    Ok(Found { request: request.into_parts().0, route, slug: texts.0, params: texts.1 })
}

/// The slug and the params of a route, for C.
fn texts(route: RouteRecord<'static>, path: &str) -> Result<(CString, Vec<(CString, CString)>), NulError> {
    let params = route.params(path.as_bytes());
    let params = params.map(|(name, param)| Ok((CString::new(name)?, CString::new(param.raw())?)));
    Ok((CString::new(route.app().slug())?, params.collect::<Result<_, _>>()?))
}

impl Found {
    pub(crate) fn slug(&self) -> &CStr {
        &self.slug
    }

    pub(crate) fn param(&self, name: &CStr) -> Option<&CStr> {
        self.params.iter().find(|(known, _)| known.as_c_str() == name).map(|(_, value)| value.as_c_str())
    }

    pub(crate) fn load(&self) -> Result<(), Failure> {
        let loaded = REGISTRY.load_blocking(self.route.app().id());
        loaded.map(drop).map_err(|error| Failure::new(Code::Unavailable, &error))
    }

    pub(crate) fn unload(&self) {
        REGISTRY.unload(self.route.app().id());
    }

    pub(crate) fn call(&self) -> Result<Answered, Failure> {
        let unavailable = |error: &dyn std::fmt::Display| Failure::new(Code::Unavailable, error);
        let app = REGISTRY.load_blocking(self.route.app().id()).map_err(|error| unavailable(&error))?;
        let request = Request::from_parts(self.request.clone(), Bytes::new());
        let response = block_on(app.handle(request)).unwrap_or_else(|error| {
            let mut response = Response::new(error.detail().to_owned().into());
            *response.status_mut() = error.status();
            response
        });
        let (head, body) = response.into_parts();
        let body = block_on(body.collect()).map_err(|error| unavailable(&error))?.to_bytes();
        let content_type = head.headers.get(header::CONTENT_TYPE);
        // A header's value has no zero byte.
        let content_type = content_type.and_then(|value| CString::new(value.as_bytes()).ok());
        Ok(Answered { status: head.status.as_u16(), content_type, body })
    }
}
