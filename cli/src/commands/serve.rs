//! `serve`: links, loads the core apps, serves until it is told to end; reads its table again when it is told to, and records
//! what it sees of the use of apps if it is to.

mod recorder;
mod tally;

use std::error::Error as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use bakehouse_host::{Config, Event, ServeError, serve, terminated};
use bakehouse_runtime::registry::StartError;
use tokio::runtime::Runtime;

use self::recorder::Recorder;
use super::Ctx;
use super::reload::Reload;
use crate::args::Serve;
use crate::failure::{Failure, Outcome, Trouble, Verdict};
use crate::output::Output;
use crate::output::text::say;
use crate::target;

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
    let registry = target.registry();
    let recorder = args.profile.as_ref().map(|path| Recorder::open(path, registry)).transpose()?;
    config.observer = recorder.as_ref().map(Recorder::observer);
    let reload = Reload {
        manifest: ctx.manifest.clone(),
        store: ctx.store,
        folders: args.folders.clone(),
        places,
        swapper: config.swapper.clone(),
    };
    let runtime = Runtime::new()
        .map_err(|error| Trouble::new("failed to start the threads of the server").because(&error).problem())?;
    let out = &mut ctx.out;
    let served = async {
        tokio::spawn(Arc::new(reload).whenever_told());
        if let Some(recorder) = &recorder {
            tokio::spawn(Arc::clone(recorder).keep());
        }
        let on_event = |event| {
            if let (Event::Ready { .. }, Some(recorder)) = (&event, &recorder) {
                recorder.ready();
            }
            tell(&event, out);
        };
        serve(registry, config, on_event, terminated).await
    };
    let ended = runtime.block_on(served);
    if let Some(recorder) = &recorder {
        recorder.finish();
    }
    ended.map_err(|error| failure(&error))?;
    Ok(Verdict::Fine)
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
