//! What an app is, as its author writes it and as a registry keeps it.

use std::sync::Arc;

use crate::{BoxError, BoxFuture, Context, Error, Offer, Request, Response};

/// An app: what its author implements, with `async fn handle`.
pub trait App: Send + Sync + 'static {
    /// Answers a request to one of the app's routes.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from answering; the host makes a problem details response (RFC 9457) or a page of it.
    fn handle(&self, request: Request) -> impl Future<Output = Result<Response, Error>> + Send;

    /// Gives the interfaces that other apps may use this one through; none unless it says otherwise.
    ///
    /// ```
    /// # use bakehouse_sdk::{App, BoxFuture, Error, Offer, Request, Response, interfaces::Conferencing};
    /// # use std::sync::Arc;
    /// # struct Meet;
    /// # impl Conferencing for Meet {
    /// #     fn name(&self) -> &str { "Meet" }
    /// #     fn meeting_link<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<String, Error>> {
    /// #         Box::pin(async { Err(Error::not_found()) })
    /// #     }
    /// # }
    /// impl App for Meet {
    /// #   async fn handle(&self, _: Request) -> Result<Response, Error> { Err(Error::not_found()) }
    ///     // ...
    ///     fn provide(self: Arc<Self>, offer: &mut Offer) {
    ///         offer.give::<dyn Conferencing>(self);
    ///     }
    /// }
    /// ```
    fn provide(self: Arc<Self>, offer: &mut Offer) {
        let _ = offer;
    }
}

/// The face of any [`App`] that a registry can keep; implemented for every one.
pub trait DynApp: Send + Sync {
    /// As [`App::handle`].
    fn handle(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>>;

    /// As [`App::provide`].
    fn provide(self: Arc<Self>, offer: &mut Offer);
}

impl<T: App> DynApp for T {
    fn handle(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        Box::pin(App::handle(self, request))
    }

    fn provide(self: Arc<Self>, offer: &mut Offer) {
        App::provide(self, offer);
    }
}

/// A constructor as an author writes it: `async fn(&Context) -> Result<impl App, impl Into<BoxError>>`.
///
/// `AsyncFnOnce` can't say that its future is `Send`, hence a trait.
pub trait Construct<'c> {
    /// What it makes.
    type App: App;

    /// Makes it.
    fn construct(self, ctx: &'c Context) -> BoxFuture<'c, Result<Self::App, BoxError>>;
}

impl<'c, F, R, T, E> Construct<'c> for F
where
    F: FnOnce(&'c Context) -> R,
    R: Future<Output = Result<T, E>> + Send + 'c,
    T: App,
    E: Into<BoxError>,
{
    type App = T;

    fn construct(self, ctx: &'c Context) -> BoxFuture<'c, Result<T, BoxError>> {
        let made = self(ctx);
        Box::pin(async move { made.await.map_err(Into::into) })
    }
}

/// Runs an author's constructor as a registry wants it. From its end on, the app may use others.
pub fn construct<T: App, F>(ctx: Context, constructor: F) -> BoxFuture<'static, Result<Box<dyn DynApp>, BoxError>>
where
    F: for<'c> Construct<'c, App = T> + Send + 'static,
{
    Box::pin(async move {
        let app = constructor.construct(&ctx).await?;
        ctx.finish_construction();
        Ok(Box::new(app) as Box<dyn DynApp>)
    })
}
