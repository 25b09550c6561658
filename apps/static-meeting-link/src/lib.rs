//! The store's app for meeting rooms whose links never change.
//!
//! `/meet/{room}` sends people to a room, `/static-meeting-link/{room}.svg` is its link as a QR code, which the QR code app
//! draws. To other apps it is a [`Conferencing`] service with the first room.

mod rooms;

use std::{fmt::Write as _, sync::Arc};

use bakehouse_sdk::{
    App, BoxError, BoxFuture, Context, Error, Offer, Request, RequestExt, Response, Uses,
    http::{
        self, StatusCode,
        header::{CACHE_CONTROL, LOCATION},
    },
    interfaces::{Conferencing, QrCodes},
    page::{Escaped, answer, page},
};

use crate::rooms::Rooms;

/// The side of a QR code in pixels.
const SIZE: u32 = 256;

/// The app: where its setting is, and the way to QR codes.
#[derive(Debug)]
pub struct StaticMeetingLink {
    ctx: Context,
    qr_codes: Uses<dyn QrCodes>,
}

/// Makes the app.
///
/// # Errors
///
/// If the manifest does not say that it uses `qr-code`.
#[expect(clippy::unused_async, reason = "a constructor is async, also where it awaits nothing")]
pub async fn app(ctx: &Context) -> Result<StaticMeetingLink, BoxError> {
    Ok(StaticMeetingLink { ctx: ctx.clone(), qr_codes: ctx.uses("qr-code")? })
}

impl App for StaticMeetingLink {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match request.pattern() {
            Some("/meet/{room}") => redirect(&self.link(&request)?),
            Some("/static-meeting-link/{room}.svg") => {
                let picture = self.qr_codes.get().await?.svg(&self.link(&request)?, SIZE).await?;
                Ok(answer("image/svg+xml", picture))
            }
            _ => Ok(home(&self.rooms()?)),
        }
    }

    fn provide(self: Arc<Self>, offer: &mut Offer) {
        offer.give::<dyn Conferencing>(self);
    }
}

impl Conferencing for StaticMeetingLink {
    fn name(&self) -> &'static str {
        "Static meeting link"
    }

    fn meeting_link<'a>(&'a self, _topic: &'a str) -> BoxFuture<'a, Result<String, Error>> {
        Box::pin(async move {
            let rooms = self.rooms()?;
            rooms.iter().next().map(|room| room.link.clone()).ok_or_else(Error::not_found)
        })
    }
}

impl StaticMeetingLink {
    fn rooms(&self) -> Result<Rooms, Error> {
        let setting = self.ctx.setting("rooms")?;
        Rooms::parse(&setting).map_err(|wrong| Error::not_configured(format!("`STATIC_MEETING_LINK_ROOMS`: {wrong}")))
    }

    /// The link of the room that the path names.
    fn link(&self, request: &Request) -> Result<String, Error> {
        let name = request.param("room").ok_or_else(Error::not_found)?.decode()?;
        let rooms = self.rooms()?;
        let room = rooms.get(&name).ok_or_else(|| {
            Error::new(
                StatusCode::NOT_FOUND,
                format!("no room is called `{name}`: /static-meeting-link has those there are"),
            )
        })?;
        Ok(room.link.clone())
    }
}

/// Sends people to the room. Browsers ask again each time, so that another link counts at once.
fn redirect(link: &str) -> Result<Response, Error> {
    let redirect = http::Response::builder().status(StatusCode::FOUND).header(LOCATION, link);
    Ok(redirect.header(CACHE_CONTROL, "no-store").body("".into())?)
}

fn home(rooms: &Rooms) -> Response {
    let list = rooms.iter().fold(String::new(), |mut list, room| {
        let (name, link) = (&room.name, Escaped(&room.link));
        let _ = writeln!(
            list,
            "<li><a href=\"/meet/{name}\">/meet/{name}</a><br><span class=\"soft\">{link}</span><br>\
             <img src=\"/static-meeting-link/{name}.svg\" alt=\"QR code\" width=\"128\" height=\"128\"></li>"
        );
        list
    });
    let body = format_args!("<p>Rooms whose addresses never change:</p>\n<ul class=\"list\">\n{list}</ul>\n");
    page("Static meeting link", "/app-assets/static-meeting-link/icon.svg", body)
}
