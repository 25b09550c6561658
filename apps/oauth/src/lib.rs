//! The store's app for signing in with a provider: the authorization code flow (RFC 6749) with PKCE (RFC 7636).
//!
//! `/oauth/{provider}/authorize` sends the browser to the provider, `/oauth/{provider}/callback` checks what comes back.
//! Exchanging the code for a token needs a network, and is not part of it.

mod attempt;
mod provider;

use std::fmt::Write as _;

use bakehouse_sdk::{
    App, BoxError, Context, Error, Request, RequestExt, Response,
    http::{
        self, StatusCode,
        header::{CACHE_CONTROL, COOKIE, HOST, LOCATION, SET_COOKIE},
        uri::Authority,
    },
    page::page,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    attempt::Attempt,
    provider::{PROVIDERS, Provider},
};

/// What a query value has to escape: everything but RFC 3986's unreserved characters.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The app. It keeps nothing: what ties a callback to its beginning is in a cookie.
#[derive(Debug)]
pub struct OAuth {
    ctx: Context,
}

/// Makes the app. Settings are read when a request wants them, so that one provider works without the other's.
#[expect(clippy::unused_async, reason = "a constructor is async, also where it awaits nothing")]
pub async fn app(ctx: &Context) -> Result<OAuth, BoxError> {
    Ok(OAuth { ctx: ctx.clone() })
}

impl App for OAuth {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match request.pattern() {
            Some("/oauth/{provider}/authorize") => self.authorize(provider(&request)?, &request),
            Some("/oauth/{provider}/callback") => callback(provider(&request)?, &request),
            _ => Ok(home()),
        }
    }
}

impl OAuth {
    fn authorize(&self, provider: &Provider, request: &Request) -> Result<Response, Error> {
        let client_id = self.ctx.setting(&provider.client_id_key())?;
        let origin = self.origin(request)?;
        let attempt = Attempt::begin().map_err(Error::internal)?;
        let pairs = [
            ("response_type", "code"),
            ("client_id", &client_id),
            ("redirect_uri", &format!("{origin}{}", provider.callback())),
            ("scope", provider.scope),
            ("state", &attempt.state),
            ("code_challenge", &attempt.challenge()),
            ("code_challenge_method", "S256"),
        ];
        let redirect = http::Response::builder()
            .status(StatusCode::FOUND)
            .header(LOCATION, with_query(provider.authorize, &pairs))
            .header(SET_COOKIE, attempt.cookie(provider, origin.starts_with("https:")))
            .header(CACHE_CONTROL, "no-store");
        Ok(redirect.body("".into())?)
    }

    /// The scheme and authority under which people see this host: a setting, else where the request went to. A provider
    /// sends people only to addresses that were registered with it, so a forged `Host` leads nowhere.
    fn origin(&self, request: &Request) -> Result<String, Error> {
        if let Ok(origin) = self.ctx.setting("public_url") {
            return Ok(origin.trim_end_matches('/').to_owned());
        }
        let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
        let authority = host.or_else(|| request.uri().authority().map(Authority::as_str));
        let authority =
            authority.and_then(|text| text.parse::<Authority>().ok()).filter(|host| !host.as_str().contains('@'));
        let authority = authority.ok_or_else(|| Error::bad_request("the request must name its host"))?;
        Ok(format!("http://{authority}"))
    }
}

/// Checks what a provider sent the browser back with.
fn callback(provider: &Provider, request: &Request) -> Result<Response, Error> {
    let (name, query) = (provider.name, request.query());
    let mut cookies = request.headers().get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
    let attempt = cookies.find_map(|header| Attempt::from_cookies(header, provider));
    let begun = attempt.ok_or_else(|| {
        Error::bad_request(format!("no sign-in is under way in this browser: begin at `/oauth/{name}/authorize`"))
    })?;
    if query.get("state").is_none_or(|state| !begun.has_state(&state)) {
        let detail = "`state` is not that of the sign-in under way in this browser, so this callback may be forged";
        return Err(Error::bad_request(format!("{detail}: begin again at `/oauth/{name}/authorize`")));
    }
    if let Some(error) = query.get("error") {
        return Err(Error::bad_request(format!("{name} did not sign you in: it answered `{error}`")));
    }
    if query.get("code").is_none_or(|code| code.is_empty()) {
        return Err(Error::bad_request("`code` is missing"));
    }
    let detail =
        "you are signed in there, and the state is right, but this app can't exchange the code for a token yet";
    Err(Error::new(StatusCode::NOT_IMPLEMENTED, detail))
}

/// The provider that the path names.
fn provider(request: &Request) -> Result<&'static Provider, Error> {
    let param = request.param("provider").ok_or_else(Error::not_found)?;
    let name = param.decode()?;
    Provider::named(&name).ok_or_else(|| {
        let known = PROVIDERS.map(|provider| format!("`{}`", provider.name)).join(" and ");
        Error::new(StatusCode::NOT_FOUND, format!("no provider is called `{name}`: there are {known}"))
    })
}

fn home() -> Response {
    page("OAuth", "/app-assets/oauth/icon.svg", include_str!("home.html"))
}

/// The address with those of the pairs that have a value.
fn with_query(address: &str, pairs: &[(&str, &str)]) -> String {
    let mut address = address.to_owned();
    let mut separator = '?';
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = write!(address, "{separator}{name}={}", utf8_percent_encode(value, VALUE));
        separator = '&';
    }
    address
}
