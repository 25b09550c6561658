//! Apps that use each other through the context, in a host as a bake would write it.

use std::error::Error as _;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Wake, Waker};
use std::thread::{self, Thread};

use bakehouse_runtime::registry::{Constructor, Slot, StartOptions, State};
use bakehouse_sdk::__private3::construct;
use bakehouse_sdk::interfaces::{Busy, Calendar, Conferencing};
use bakehouse_sdk::{
    App, BoxError, BoxFuture, Context, DynApp, Error, Offer, Registry, Request, RequestExt, Response, Uses, testing,
};

#[path = "../../runtime/tests/load/image.rs"]
mod image;

use image::code;

/// Knows when it is busy, and asks for a link to meet.
struct CalendarApp {
    meetings: Uses<dyn Conferencing>,
}

impl App for CalendarApp {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        let topic = request.query().get("topic").ok_or_else(|| Error::bad_request("`topic` is missing"))?.into_owned();
        let link = self.meetings.get().await?.meeting_link(&topic).await?;
        Ok(Response::new(link.into()))
    }

    fn provide(self: Arc<Self>, offer: &mut Offer) {
        offer.give::<dyn Calendar>(self);
    }
}

impl Calendar for CalendarApp {
    fn name(&self) -> &'static str {
        "calendar"
    }

    fn busy(&self, from: i64, _: i64) -> BoxFuture<'_, Result<Vec<Busy>, Error>> {
        Box::pin(async move { Ok(vec![Busy { from, to: from + 60 }]) })
    }
}

async fn calendar(ctx: &Context) -> Result<CalendarApp, BoxError> {
    Ok(CalendarApp { meetings: ctx.uses("meet")? })
}

/// Makes links that say when the calendar is free again.
struct MeetApp {
    calendar: Uses<dyn Calendar>,
}

impl App for MeetApp {
    async fn handle(&self, _: Request) -> Result<Response, Error> {
        Err(Error::not_found())
    }

    fn provide(self: Arc<Self>, offer: &mut Offer) {
        offer.give::<dyn Conferencing>(self);
    }
}

impl Conferencing for MeetApp {
    fn name(&self) -> &'static str {
        "meet"
    }

    fn meeting_link<'a>(&'a self, topic: &'a str) -> BoxFuture<'a, Result<String, Error>> {
        Box::pin(async move {
            let busy = self.calendar.get().await?.busy(0, 600).await?;
            let free = busy.last().map_or(0, |busy| busy.to);
            Ok(format!("https://meet.example/{topic}-{free}"))
        })
    }
}

async fn meet(ctx: &Context) -> Result<MeetApp, BoxError> {
    Ok(MeetApp { calendar: ctx.uses("calendar")? })
}

/// Follows its edge in its constructor.
async fn hasty(ctx: &Context) -> Result<MeetApp, BoxError> {
    let calendar = ctx.uses::<dyn Calendar>("calendar")?;
    calendar.get().await?;
    Ok(MeetApp { calendar })
}

/// Has what it requires do something in its constructor that leads back to it.
async fn circling(ctx: &Context) -> Result<CalendarApp, BoxError> {
    let meetings = ctx.uses::<dyn Conferencing>("meet")?;
    meetings.get().await?.meeting_link("tea").await?;
    Ok(CalendarApp { meetings })
}

/// Wants what nobody gives.
struct Curious {
    ctx: Context,
}

impl App for Curious {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        let slug = request.query().get("app").unwrap_or_default().into_owned();
        self.ctx.uses::<dyn Conferencing>(&slug)?.get().await?;
        Ok(Response::default())
    }
}

async fn curious(ctx: &Context) -> Result<Curious, BoxError> {
    Ok(Curious { ctx: ctx.clone() })
}

async fn broken(ctx: &Context) -> Result<Curious, BoxError> {
    Err(ctx.setting("key_that_nobody_sets").unwrap_err().into())
}

static CONSTRUCTORS: [Constructor<dyn DynApp, Context>; 6] = [
    Constructor { slug: "broken", entry: "broken::app", construct: |ctx| construct(ctx, broken) },
    Constructor { slug: "calendar", entry: "calendar::app", construct: |ctx| construct(ctx, calendar) },
    Constructor { slug: "curious", entry: "curious::app", construct: |ctx| construct(ctx, curious) },
    Constructor { slug: "eager", entry: "eager::app", construct: |ctx| construct(ctx, hasty) },
    Constructor { slug: "hasty", entry: "hasty::app", construct: |ctx| construct(ctx, hasty) },
    Constructor { slug: "meet", entry: "meet::app", construct: |ctx| construct(ctx, meet) },
];

/// A started host. `calendar` and `meet` use each other; `eager` requires what `hasty` only uses.
fn host() -> &'static Registry {
    let uses = |slug, uses| image::App { uses, ..code(slug) };
    let table = image::table(&[
        code("broken"),
        uses("calendar", &["meet"]),
        uses("curious", &["broken", "calendar", "plain"]),
        image::App { requires: &["calendar"], ..code("eager") },
        uses("hasty", &["calendar"]),
        uses("meet", &["calendar"]),
        image::App { slug: "plain", ..image::App::default() },
    ]);
    let slots: Vec<_> = CONSTRUCTORS.iter().map(|_| Slot::new()).collect();
    let registry = Box::leak(Box::new(Registry::new(table, &CONSTRUCTORS, slots.leak())));
    bakehouse_sdk::start(registry, StartOptions::default()).unwrap();
    registry
}

fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut TaskContext::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("must be ready"),
    }
}

fn ask(registry: &'static Registry, idx: usize, target: &str) -> Result<Response, Error> {
    now(registry.handle(idx).load_blocking().unwrap().handle(testing::request("GET", target)))
}

#[test]
fn a_circle_of_uses_works() {
    let registry = host();
    let response = ask(registry, 1, "/calendar?topic=tea").unwrap();
    assert_eq!(response.body().as_bytes().unwrap(), "https://meet.example/tea-60");
    let missing = ask(registry, 1, "/calendar").unwrap_err();
    assert_eq!((missing.status().as_u16(), missing.detail()), (400, "`topic` is missing"));
}

#[test]
fn nothing_loads_before_an_edge_is_followed() {
    let registry = host();
    registry.handle(1).load_blocking().unwrap();
    assert!(registry.handle(5).loaded().is_none());
}

#[test]
fn an_edge_can_not_be_followed_from_the_constructor() {
    let registry = host();
    let handle = registry.handle(4);
    let error = handle.load_blocking().err().unwrap();
    let source = error.source().unwrap();
    assert_eq!(source.to_string(), "app `hasty` can't use `calendar` while it is still being constructed");
    assert_eq!(registry.state(handle.app().unwrap()), State::Failed);
}

#[test]
fn an_app_that_is_required_can_be_used_from_the_constructor() {
    assert!(host().handle(3).load_blocking().is_ok());
}

#[test]
fn errors_say_what_is_missing_and_where() {
    let registry = host();
    let curious = "app `curious`";
    let cases = [
        ("nobody", 500, format!("{curious} asks for app `nobody`, which this host does not have")),
        (
            "meet",
            500,
            format!(
                "{curious} does not declare that it uses `meet`: \
            its app.toml needs `uses = [\"broken\", \"calendar\", \"plain\", \"meet\"]`"
            ),
        ),
        (
            "calendar",
            500,
            "app `calendar` does not give `curious` the interface \
            `dyn bakehouse_sdk::interfaces::conferencing::Conferencing`"
                .to_owned(),
        ),
        ("broken", 503, format!("{curious} can't use `broken`")),
        // It has no code, and never will.
        ("plain", 500, format!("{curious} can't use `plain`")),
    ];
    for (slug, status, text) in cases {
        let error = ask(registry, 2, &format!("/curious?app={slug}")).unwrap_err();
        assert_eq!(error.status().as_u16(), status, "{slug}");
        assert_eq!(error.source().unwrap().to_string(), text);
    }
    let error = ask(registry, 2, "/curious?app=broken").unwrap_err();
    assert_eq!(error.detail(), "app `broken` is not available");
    let mut cause = error.source().unwrap();
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let setting = "app `broken` is not configured: set the environment variable `BROKEN_KEY_THAT_NOBODY_SETS`";
    assert_eq!(cause.to_string(), setting);
}

#[test]
fn an_app_can_be_tested_with_doubles() {
    struct Double;
    impl Conferencing for Double {
        fn name(&self) -> &'static str {
            "double"
        }
        fn meeting_link<'a>(&'a self, topic: &'a str) -> BoxFuture<'a, Result<String, Error>> {
            Box::pin(async move { Ok(topic.to_uppercase()) })
        }
    }
    let ctx =
        testing::TestContext::new("calendar").with_interface::<dyn Conferencing>("meet", Arc::new(Double)).build();
    let app = now(calendar(&ctx)).unwrap();
    let response = now(App::handle(&app, testing::request("GET", "/?topic=tea"))).unwrap();
    assert_eq!(response.body().as_bytes().unwrap(), "TEA");

    let app = now(calendar(&Context::for_tests("calendar"))).unwrap();
    let error = now(App::handle(&app, testing::request("GET", "/?topic=tea"))).unwrap_err();
    assert!(error.source().unwrap().to_string().starts_with("app `meet` does not give `calendar` the interface"));
}

/// Cargo sets `CARGO_PKG_NAME` for a test, which makes it a setting of an app `cargo`.
#[test]
fn settings_come_from_the_environment() {
    let registry: &Registry = Box::leak(Box::new(Registry::new(image::table(&[code("cargo")]), &[], &[])));
    let ctx = Context::new(registry, registry.table().resolve("cargo").unwrap());
    assert_eq!(ctx.setting("pkg-name").unwrap(), "bakehouse-sdk");
    let error = ctx.setting("client_id").unwrap_err();
    assert_eq!((error.app(), error.variable()), ("cargo", "CARGO_CLIENT_ID"));
}

/// `calendar` requires `meet`, which uses `calendar`.
#[test]
fn a_constructor_that_would_wait_for_itself_fails() {
    static CIRCLE: [Constructor<dyn DynApp, Context>; 2] = [
        Constructor { slug: "calendar", entry: "calendar::app", construct: |ctx| construct(ctx, circling) },
        Constructor { slug: "meet", entry: "meet::app", construct: |ctx| construct(ctx, meet) },
    ];
    let table = image::table(&[
        image::App { requires: &["meet"], ..code("calendar") },
        image::App { uses: &["calendar"], ..code("meet") },
    ]);
    let registry = Box::leak(Box::new(Registry::new(table, &CIRCLE, vec![Slot::new(), Slot::new()].leak())));
    bakehouse_sdk::start(registry, StartOptions::default()).unwrap();
    let error = registry.handle(0).load_blocking().unwrap_err();
    let causes: Vec<String> =
        std::iter::successors(error.source(), |error| (*error).source()).map(ToString::to_string).collect();
    assert_eq!(
        causes,
        [
            "503 Service Unavailable: app `calendar` is not available",
            "app `meet` can't use `calendar`",
            "app `calendar` can't be loaded: its own constructor waits for it",
        ]
    );
}

/// Asks the other app of its pair when it is asked itself, and knows it by a number that differs in the last bit.
struct PairedApp {
    name: String,
    other: Uses<dyn Conferencing>,
}

impl App for PairedApp {
    async fn handle(&self, _: Request) -> Result<Response, Error> {
        let link = self.other.get().await?.meeting_link(&self.name).await?;
        Ok(Response::new(link.into()))
    }

    fn provide(self: Arc<Self>, offer: &mut Offer) {
        offer.give::<dyn Conferencing>(self);
    }
}

impl Conferencing for PairedApp {
    fn name(&self) -> &'static str {
        "paired"
    }

    /// Follows its own edge in turn, while it is asked through the other's.
    fn meeting_link<'a>(&'a self, topic: &'a str) -> BoxFuture<'a, Result<String, Error>> {
        Box::pin(async move { Ok(format!("{topic} -> {} -> {}", self.name, self.other.get().await?.name())) })
    }
}

async fn paired(ctx: &Context) -> Result<PairedApp, BoxError> {
    let number: usize = ctx.slug().trim_start_matches("app-").parse()?;
    Ok(PairedApp { name: ctx.slug().to_owned(), other: ctx.uses(&paired_slug(number ^ 1))? })
}

fn paired_slug(number: usize) -> String {
    format!("app-{number:03}")
}

/// Waits for a future, asleep where it has to.
fn wait<F: Future>(future: F) -> F::Output {
    struct Sleeper(Thread);
    impl Wake for Sleeper {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Sleeper(thread::current())));
    loop {
        match future.as_mut().poll(&mut TaskContext::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

/// 264 circles of two that would be errors in `requires`: each app answers, whoever comes first from wherever.
#[test]
fn pairs_that_use_each_other_all_answer() {
    const N_APPS: usize = 528;
    let slugs: Vec<&'static str> = (0..N_APPS).map(|app| &*paired_slug(app).leak()).collect();
    let apps: Vec<_> =
        (0..N_APPS).map(|app| image::App { uses: vec![slugs[app ^ 1]].leak(), ..code(slugs[app]) }).collect();
    let constructors: Vec<Constructor<dyn DynApp, Context>> = apps
        .iter()
        .map(|app| Constructor {
            slug: app.slug,
            entry: app.entry.clone().leak(),
            construct: |ctx| construct(ctx, paired),
        })
        .collect();
    let slots: Vec<_> = constructors.iter().map(|_| Slot::new()).collect();
    let registry: &'static Registry =
        Box::leak(Box::new(Registry::new(image::table(&apps), constructors.leak(), slots.leak())));
    bakehouse_sdk::start(registry, StartOptions::default()).unwrap();
    let answers = |order: &mut dyn Iterator<Item = usize>| {
        for app in order {
            let guard = registry.handle(app).load_blocking().unwrap();
            let response = wait(guard.handle(testing::request("GET", "/"))).unwrap();
            let expected = format!("{} -> {} -> paired", slugs[app], slugs[app ^ 1]);
            assert_eq!(response.body().as_bytes().unwrap(), expected.as_bytes());
        }
    };
    // The two of a pair are asked for the first time by two threads at once, which load them from both ends.
    thread::scope(|scope| {
        scope.spawn(|| answers(&mut (0..N_APPS)));
        scope.spawn(|| answers(&mut (0..N_APPS).map(|app| app ^ 1)));
        scope.spawn(|| answers(&mut (0..N_APPS).rev()));
    });
    assert!(registry.table().apps().all(|app| registry.state(app.id()) == State::Loaded));
}
