//! Requests to an app that is loaded, through the host's dispatch, against an axum router with the same handler.

use axum::Router;
use axum::extract;
use axum::routing::get;
use bakehouse_runtime::registry::Registry;
use bakehouse_sdk::{App, Error, Request, RequestExt as _, Response};

use tracing::subscriber::{NoSubscriber, set_global_default};

use super::here::Here;
use super::load::{N_CONNECTIONS, Turn, turn};
use crate::figure::{Amount, Budget, Figure};
use crate::host::{self, bake, keep};
use crate::measure::median;
use crate::{Report, Result, Scale};

const REQUEST: &str = "GET /hello/x42 HTTP/1.1\r\nHost: localhost:4310\r\nAccept: */*\r\nUser-Agent: bench\r\n\r\n";

/// Ours serves 0.95 of the peer's requests a second at least.
const BUDGET: Budget = Budget::Within(1.05);

/// The app: greets whom the path names.
struct Hello;

impl App for Hello {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        let name = request.param("name").ok_or_else(Error::not_found)?.decode()?;
        Ok(Response::new(format!("hello {name}").into()))
    }
}

async fn hello(extract::Path(name): extract::Path<String>) -> String {
    format!("hello {name}")
}

pub(super) fn measure(scale: Scale, report: &mut Report) -> Result<()> {
    hush();
    let dir = tempfile::tempdir()?;
    let ours = Here::host(registry()?, dir.path())?;
    let axum = Here::axum(Router::new().route("/hello/{name}", get(hello)))?;
    let mut turns = [const { Vec::<Turn>::new() }; 2];
    for _ in 0..scale.rounds {
        for (turns, server) in turns.iter_mut().zip([&ours, &axum]) {
            turns.push(turn(server.addr, REQUEST, scale.samples)?);
        }
    }
    let of = |what: fn(&Turn) -> f64| [0, 1].map(|idx| Amount::Time(median(turns[idx].iter().map(what).collect())));
    for (what, [ours, axum], budget) in [
        ("wall", of(|turn| turn.wall), BUDGET),
        ("the slowest of a hundred (p99), wall", of(|turn| turn.p99), BUDGET),
        ("CPU time of server and clients", of(|turn| turn.cpu), Budget::None),
    ] {
        let name = format!("host request, {N_CONNECTIONS} connections, {what}");
        report.figures.push(Figure::against(name, budget, ours, "axum router", axum));
    }
    Ok(())
}

/// Has nobody listen to spans, as in a host without `BAKEHOUSE_LOG`. Among the peers of other groups is one that has `tracing`
/// write them to `log` until somebody says so.
fn hush() {
    // Said before, by another run of this group.
    let _ = set_global_default(NoSubscriber::default());
}

/// A host with one app, which is loaded by the first request.
fn registry() -> Result<&'static bakehouse_sdk::Registry> {
    let app = host::App { slug: "hello".to_owned(), entry: "hello::app", patterns: vec!["/hello/{name}".to_owned()] };
    let table = keep(bake(&[app])?)?;
    let constructor = bakehouse_runtime::registry::Constructor {
        slug: "hello",
        entry: "hello::app",
        construct: |_| Box::pin(async { Ok(Box::new(Hello) as Box<dyn bakehouse_sdk::DynApp>) }),
    };
    let slots = vec![bakehouse_runtime::registry::Slot::new()];
    Ok(Box::leak(Box::new(Registry::new(table, vec![constructor].leak(), slots.leak()))))
}
