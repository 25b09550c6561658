//! `serve`: links, loads the core apps, serves until it is told to end.

use std::error::Error as _;
use std::net::{Ipv4Addr, SocketAddr};

use bakehouse_host::{Config, Event, ServeError, serve, terminated};
use bakehouse_runtime::registry::StartError;
use bakehouse_sdk::Registry;
use tokio::runtime::Runtime;

use super::Ctx;
use crate::args::Serve;
use crate::failure::{Failure, Outcome, Trouble, Verdict};
use crate::output::Output;
use crate::output::text::say;
use crate::target::{self, Places, Target};

/// Where a host listens unless it is told otherwise.
const DEFAULT_ADDR: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 4310);

pub(super) fn run(args: &Serve, ctx: &mut Ctx) -> Outcome {
    let target = target::open(ctx)?;
    let environment = target.environment()?;
    let Places { root, public, state } = target.places(&args.folders, &environment)?;
    let mut config = Config::new(args.addr.unwrap_or(DEFAULT_ADDR), root, public);
    config.state = state;
    config.environment = environment;
    args.limits.apply(&mut config);
    let runtime = Runtime::new()
        .map_err(|error| Trouble::new("failed to start the threads of the server").because(&error).problem())?;
    let out = &mut ctx.out;
    let served = serve(registry(&target), config, |event| tell(&event, out), terminated);
    runtime.block_on(served).map_err(|error| failure(&error))?;
    Ok(Verdict::Fine)
}

/// The registry of this binary, or for another table one without code.
fn registry(target: &Target) -> &'static Registry {
    target.registry.unwrap_or_else(|| Box::leak(Box::new(Registry::new(target.table, &[], &[]))))
}

/// Says an event at once. A host goes on if nobody reads what it says.
fn tell(event: &Event, out: &mut Output) {
    if out.is_json() {
        let _ = out.json(&event.to_json()).and_then(|()| out.finish());
        return;
    }
    match event {
        Event::Listening { addr, .. } => say(format_args!("listening on http://{addr}/")),
        Event::Ready { report, .. } => say(report.to_string().trim_end()),
        Event::Stopped { clean: true, .. } => say("stopped"),
        Event::Stopped { clean: false, .. } => say("stopped; requests that took too long were cut off"),
        // The report at the end of the start says these.
        _ => {}
    }
}

fn failure(error: &ServeError) -> Failure {
    let trouble = Trouble::error(error);
    let start = error.source().and_then(|source| source.downcast_ref::<StartError>());
    let help = match start {
        Some(start) if start.is_missing_entry() => Some("run the binary of the host that the table was baked for"),
        _ => error.help(),
    };
    help.into_iter().fold(trouble, Trouble::help).problem()
}
