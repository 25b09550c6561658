//! A host with a router of its own: what that does not serve is looked for in the baked table.

use std::error::Error;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use bakehouse_runtime::Method;
use bakehouse_runtime::registry::{Entered, Entry};
use bakehouse_sdk::{DynApp, MatchedRoute, StartOptions};
use tokio::net::TcpListener;

mod store {
    bakehouse_macros::apps!();
}

/// The longest body that an app is given, in bytes.
const BODY_LIMIT: usize = 2 * 1024 * 1024;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    bakehouse_sdk::start(&store::REGISTRY, StartOptions::default())?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on {}", listener.local_addr()?);
    let router = Router::new().route("/", get("one host, and its apps")).fallback(enter);
    Ok(axum::serve(listener, router).await?)
}

/// Finds the route of a request, loads its app if that is not loaded, and has it answer.
async fn enter(request: Request) -> Response {
    let uri = request.uri().clone();
    let method = Method::new(request.method().as_str());
    match store::REGISTRY.enter(method, uri.path().as_bytes()).await {
        Entered::App(entry) => call(entry, request).await,
        Entered::WrongMethod(methods) => {
            let names: Vec<_> = methods.iter().map(Method::name).collect();
            (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, names.join(", "))]).into_response()
        }
        Entered::Redirect { location } => {
            (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response()
        }
        Entered::Nothing => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn call(entry: Entry<'_, dyn DynApp>, request: Request) -> Response {
    let app = match entry.app {
        Ok(app) => app,
        Err(error) => {
            eprintln!("{error}");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let (mut head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    head.extensions.insert(MatchedRoute::new(entry.matched.route()));
    match app.handle(Request::from_parts(head, body)).await {
        Ok(response) => response.map(Body::new),
        Err(error) => (error.status(), error.detail().to_owned()).into_response(),
    }
}
