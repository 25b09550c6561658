//! `serve`: links, loads the core apps, serves until it is told to end; reads its table again when it is told to.

use std::error::Error as _;
use std::net::{Ipv4Addr, SocketAddr};

use bakehouse_host::{Config, Event, ServeError, serve, terminated};
use bakehouse_runtime::registry::StartError;
use bakehouse_sdk::Registry;
use tokio::runtime::Runtime;

use super::Ctx;
use super::reload::Reload;
use crate::Store;
use crate::args::Serve;
use crate::failure::{Failure, Outcome, Trouble, Verdict};
use crate::output::Output;
use crate::output::text::say;
use crate::target::{self, Target};

/// Where a host listens unless it is told otherwise.
const DEFAULT_ADDR: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 4310);

pub(super) fn run(args: &Serve, ctx: &mut Ctx) -> Outcome {
    let target = target::open(ctx)?;
    let environment = target.environment()?;
    let places = target.places(&args.folders, &environment)?;
    let mut config = Config::new(args.addr.unwrap_or(DEFAULT_ADDR), &places.root, &places.public);
    config.state.clone_from(&places.state);
    config.environment = environment;
    config.table = Some(target.table);
    args.limits.apply(&mut config);
    let reload = Reload::new(ctx.manifest.clone(), args.folders.clone(), places, config.swapper.clone());
    let runtime = Runtime::new()
        .map_err(|error| Trouble::new("failed to start the threads of the server").because(&error).problem())?;
    let registry = registry(&target, ctx.store);
    let out = &mut ctx.out;
    let served = async {
        tokio::spawn(reload.whenever_told());
        serve(registry, config, |event| tell(&event, out), terminated).await
    };
    runtime.block_on(served).map_err(|error| failure(&error))?;
    Ok(Verdict::Fine)
}

/// The registry of this binary, whatever the table is; one without code if the binary has none.
fn registry(target: &Target, store: Option<Store>) -> &'static Registry {
    match store {
        Some(store) => store.registry,
        None => Box::leak(Box::new(Registry::new(target.table, &[], &[]))),
    }
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
        Event::Swapped(report) => say(report.to_string().trim_end()),
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
