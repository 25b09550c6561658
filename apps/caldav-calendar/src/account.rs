//! Which calendar to ask, and as whom: the app's settings in, a checked [`Account`] out.

use std::net::IpAddr;

use bakehouse_sdk::{
    Context, Error,
    http::{HeaderValue, Uri},
};
use jiff::tz::TimeZone;

/// The port of plain HTTP.
const PORT: u16 = 80;

/// A calendar on a server. Nothing that the server's address or the password is made of is in any error.
pub(crate) struct Account {
    /// A name or an address, without the brackets of IPv6.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// What the `Host` header says.
    pub(crate) authority: HeaderValue,
    /// The calendar's path on the server.
    pub(crate) path: String,
    /// What the `Authorization` header says; none for a server that wants no password.
    pub(crate) authorization: Option<HeaderValue>,
    /// Where whole days begin, and times without a zone are.
    pub(crate) time_zone: TimeZone,
}

impl Account {
    /// The account that the settings describe.
    ///
    /// # Errors
    /// 503 that names the variable which is missing or wrong.
    pub(crate) fn from_settings(ctx: &Context) -> Result<Self, Error> {
        let uri = address(&ctx.setting("url")?)?;
        let (Some(authority), Some(host)) = (uri.authority(), uri.host()) else { return Err(wrong_address()) };
        let host = host.trim_matches(['[', ']']).to_owned();
        let authorization = authorization(ctx)?;
        if authorization.is_some() && !is_this_machine(&host) && ctx.setting("cleartext").as_deref() != Ok("allow") {
            return Err(Error::not_configured(
                "the calendar server is on another machine, and the password would be sent in clear text: run a proxy here \
                 that speaks TLS to it, or set the environment variable `CALDAV_CALENDAR_CLEARTEXT` to `allow`",
            ));
        }
        Ok(Self {
            port: uri.port_u16().unwrap_or(PORT),
            authority: HeaderValue::from_str(authority.as_str()).map_err(|_| wrong_address())?,
            path: uri.path().to_owned(),
            time_zone: time_zone(ctx)?,
            host,
            authorization,
        })
    }
}

/// The address as the setting has it. What it says is not repeated: it may hold a password.
fn address(written: &str) -> Result<Uri, Error> {
    let uri: Uri = written.parse().map_err(|_| wrong_address())?;
    if uri.scheme_str() == Some("https") {
        return Err(Error::not_configured(
            "`CALDAV_CALENDAR_URL` is an https address, but this app speaks no TLS: run a proxy on this machine that does, \
             and name its http address",
        ));
    }
    let has_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    if uri.scheme_str() != Some("http") || has_user || uri.query().is_some() {
        return Err(wrong_address());
    }
    Ok(uri)
}

fn wrong_address() -> Error {
    Error::not_configured(
        "`CALDAV_CALENDAR_URL` must be a calendar's address such as `http://127.0.0.1:5232/anna/planner/`, \
         without a user name or a query",
    )
}

/// Basic authentication (RFC 7617), if there is a user name or a password; then there must be both.
fn authorization(ctx: &Context) -> Result<Option<HeaderValue>, Error> {
    let (user, password) = match (ctx.setting("user"), ctx.setting("password")) {
        (Ok(user), Ok(password)) => (user, password),
        (Err(_), Err(_)) => return Ok(None),
        (Err(missing), Ok(_)) | (Ok(_), Err(missing)) => return Err(missing.into()),
    };
    if user.contains(':') {
        return Err(Error::not_configured("`CALDAV_CALENDAR_USER` must not have a colon"));
    }
    let credentials = base64(format!("{user}:{password}").as_bytes());
    let mut value = HeaderValue::from_str(&format!("Basic {credentials}")).map_err(Error::internal)?;
    value.set_sensitive(true);
    Ok(Some(value))
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn time_zone(ctx: &Context) -> Result<TimeZone, Error> {
    let Ok(name) = ctx.setting("time_zone") else { return Ok(TimeZone::UTC) };
    TimeZone::get(&name).map_err(|error| {
        let detail = format!("`CALDAV_CALENDAR_TIME_ZONE` must be a time zone such as `Europe/Rome`, but was `{name}`");
        Error::not_configured(detail).with_source(error)
    })
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, idx| bits << 8 | usize::from(chunk.get(idx).copied().unwrap_or(0)));
        // n bytes fill n + 1 characters.
        text.extend((0..=chunk.len()).map(|idx| char::from(ALPHABET[bits >> (18 - 6 * idx) & 63])));
        text.extend((chunk.len()..3).map(|_| '='));
    }
    text
}

#[cfg(test)]
mod tests {
    use bakehouse_sdk::{http::StatusCode, testing::TestContext};

    use super::*;

    fn account(settings: &[(&str, &str)]) -> Result<Account, Error> {
        let ctx = TestContext::new("caldav-calendar");
        Account::from_settings(&settings.iter().fold(ctx, |ctx, (key, value)| ctx.with_setting(key, value)).build())
    }

    #[test]
    fn reads_the_settings() {
        let named =
            account(&[("url", "http://[::1]:5232/anna/planner/"), ("user", "anna"), ("password", "s:ecret")]).unwrap();
        assert_eq!((named.host.as_str(), named.port, named.path.as_str()), ("::1", 5232, "/anna/planner/"));
        assert_eq!(named.authority, "[::1]:5232");
        assert_eq!(named.authorization.unwrap(), "Basic YW5uYTpzOmVjcmV0");

        let open = account(&[("url", "http://cal.example/work")]).unwrap();
        assert_eq!((open.host.as_str(), open.port, open.authorization), ("cal.example", 80, None));
    }

    #[test]
    fn says_which_setting_is_wrong_and_repeats_no_secret() {
        let local = ("url", "http://127.0.0.1/secret/");
        let cases = [
            (&[][..], "app `caldav-calendar` is not configured: set the environment variable `CALDAV_CALENDAR_URL`"),
            (&[("url", "https://cal.example/secret/")], "`CALDAV_CALENDAR_URL` is an https address"),
            (&[("url", "http://anna:secret@127.0.0.1/")], "`CALDAV_CALENDAR_URL` must be"),
            (&[("url", "ftp://127.0.0.1/secret")], "`CALDAV_CALENDAR_URL` must be"),
            (&[("url", "/secret")], "`CALDAV_CALENDAR_URL` must be"),
            (&[("url", "http://127.0.0.1/?secret")], "`CALDAV_CALENDAR_URL` must be"),
            (&[("url", "a secret")], "`CALDAV_CALENDAR_URL` must be"),
            (
                &[local, ("password", "secret")],
                "app `caldav-calendar` is not configured: set the environment variable \
               `CALDAV_CALENDAR_USER`",
            ),
            (
                &[local, ("user", "anna")],
                "app `caldav-calendar` is not configured: set the environment variable \
               `CALDAV_CALENDAR_PASSWORD`",
            ),
            (&[local, ("user", "a:b"), ("password", "secret")], "`CALDAV_CALENDAR_USER` must not have a colon"),
            (&[local, ("time_zone", "Middle/Earth")], "`CALDAV_CALENDAR_TIME_ZONE` must be a time zone"),
            (
                &[("url", "http://secret.example/"), ("user", "anna"), ("password", "secret")],
                "the calendar server is on another machine",
            ),
        ];
        for (settings, expected) in cases {
            let error = account(settings).err().unwrap();
            assert_eq!(error.status(), StatusCode::SERVICE_UNAVAILABLE, "{settings:?}");
            assert!(error.detail().starts_with(expected), "{settings:?}: {}", error.detail());
            assert!(!error.detail().contains("secret"), "{}", error.detail());
        }
    }

    #[test]
    fn a_password_leaves_the_machine_only_where_that_is_allowed() {
        let settings =
            [("url", "http://cal.example/"), ("user", "anna"), ("password", "secret"), ("cleartext", "allow")];
        assert!(account(&settings).is_ok());
        assert!(account(&[("url", "http://localhost/"), ("user", "anna"), ("password", "secret")]).is_ok());
    }

    /// RFC 4648, section 10.
    #[test]
    fn base64_of_every_rest() {
        let cases =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")];
        for (bytes, text) in cases {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
