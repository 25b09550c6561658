//! The store's app for a security.txt (RFC 9116), at `/.well-known/security.txt`.

use std::fmt::Write as _;

use bakehouse_sdk::{
    App, BoxError, Context, Error, Request, RequestExt, Response,
    http::{self, StatusCode, Uri, header::LOCATION},
    page::{answer, page},
};
use jiff::Timestamp;

/// Where the file is.
const PLACE: &str = "/.well-known/security.txt";

/// The app: where its settings are.
#[derive(Debug)]
pub struct SecurityTxt {
    ctx: Context,
}

/// Makes the app.
#[expect(clippy::unused_async, reason = "a constructor is async, also where it awaits nothing")]
pub async fn app(ctx: &Context) -> Result<SecurityTxt, BoxError> {
    Ok(SecurityTxt { ctx: ctx.clone() })
}

impl App for SecurityTxt {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match request.pattern() {
            Some(PLACE) => Ok(answer("text/plain; charset=utf-8", self.file(Timestamp::now())?)),
            Some("/security.txt") => {
                let redirect = http::Response::builder().status(StatusCode::MOVED_PERMANENTLY).header(LOCATION, PLACE);
                Ok(redirect.body("".into())?)
            }
            _ => Ok(page("security.txt", "/app-assets/security-txt/icon.svg", include_str!("home.html"))),
        }
    }
}

impl SecurityTxt {
    /// The file, as long as it has not expired: one that has is not to be used (section 2.5.5).
    fn file(&self, now: Timestamp) -> Result<String, Error> {
        let contacts = self.ctx.setting("contact")?;
        let contacts = contacts.split_whitespace().map(contact).collect::<Result<Vec<_>, _>>()?;
        let expires = self.ctx.setting("expires")?;
        let expires: Timestamp = expires.parse().map_err(|_| {
            Error::not_configured("`SECURITY_TXT_EXPIRES` must be a time such as `2027-12-31T00:00:00Z`")
        })?;
        if contacts.is_empty() || expires <= now {
            return Err(Error::not_configured("`SECURITY_TXT_CONTACT` is blank, or `SECURITY_TXT_EXPIRES` is over"));
        }
        let mut file = String::new();
        // Writing into a string can't fail.
        for contact in contacts {
            let _ = writeln!(file, "Contact: {contact}");
        }
        let _ = writeln!(file, "Expires: {expires}");
        for (key, field) in [("policy", "Policy"), ("languages", "Preferred-Languages")] {
            if let Ok(value) = self.ctx.setting(key) {
                let _ = writeln!(file, "{field}: {}", line(key, &value)?);
            }
        }
        Ok(file)
    }
}

/// An address to write to: mail, telephone, or a page under https (section 2.5.3).
fn contact(written: &str) -> Result<&str, Error> {
    let is_page = |written: &str| written.parse::<Uri>().is_ok_and(|uri| uri.scheme_str() == Some("https"));
    let is_other = ["mailto:", "tel:"].iter().any(|scheme| written.len() > scheme.len() && written.starts_with(scheme));
    if is_other || is_page(written) {
        return Ok(written);
    }
    Err(Error::not_configured(
        "`SECURITY_TXT_CONTACT` must have addresses that begin with `mailto:`, `tel:` or `https://`",
    ))
}

/// A value that is one line, so that it can't begin another field.
fn line<'v>(key: &str, value: &'v str) -> Result<&'v str, Error> {
    if value.chars().any(char::is_control) {
        return Err(Error::not_configured(format!("`SECURITY_TXT_{}` must be one line", key.to_ascii_uppercase())));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use bakehouse_sdk::testing::{self, TestContext};

    use super::*;

    const CONTACT: (&str, &str) = ("contact", "mailto:sec@example.org https://example.org/report");
    const EXPIRES: (&str, &str) = ("expires", "9000-01-01T00:00:00+01:00");

    async fn get(settings: &[(&str, &str)], path: &'static str) -> Result<Response, Error> {
        let ctx = TestContext::new("security-txt");
        let ctx = settings.iter().fold(ctx, |ctx, (key, value)| ctx.with_setting(key, value)).build();
        app(&ctx).await.unwrap().handle(testing::routed(path, "GET", path)).await
    }

    #[tokio::test]
    async fn the_file_has_its_fields() {
        let settings = [CONTACT, EXPIRES, ("policy", "https://example.org/policy"), ("languages", "en, it")];
        let file = get(&settings, PLACE).await.unwrap();
        let expected = "Contact: mailto:sec@example.org\nContact: https://example.org/report\n\
            Expires: 8999-12-31T23:00:00Z\nPolicy: https://example.org/policy\nPreferred-Languages: en, it\n";
        assert_eq!(str::from_utf8(file.body().as_bytes().unwrap()).unwrap(), expected);
    }

    #[tokio::test]
    async fn the_old_place_leads_to_the_new_one() {
        let old = get(&[], "/security.txt").await.unwrap();
        assert_eq!((old.status().as_u16(), &old.headers()[LOCATION]), (301, &PLACE.parse().unwrap()));
    }

    #[tokio::test]
    async fn says_what_is_wrong() {
        for (settings, expected) in [
            (&[][..], "app `security-txt` is not configured: set the environment variable `SECURITY_TXT_CONTACT`"),
            (&[CONTACT], "app `security-txt` is not configured: set the environment variable `SECURITY_TXT_EXPIRES`"),
            (&[("contact", "sec@example.org"), EXPIRES], "`SECURITY_TXT_CONTACT` must have addresses"),
            (&[("contact", "http://example.org"), EXPIRES], "`SECURITY_TXT_CONTACT` must have addresses"),
            (&[("contact", "mailto:"), EXPIRES], "`SECURITY_TXT_CONTACT` must have addresses"),
            (&[("contact", " "), EXPIRES], "`SECURITY_TXT_CONTACT` is blank"),
            (&[CONTACT, ("expires", "soon")], "`SECURITY_TXT_EXPIRES` must be a time"),
            (
                &[CONTACT, ("expires", "2026-01-01T00:00:00Z")],
                "`SECURITY_TXT_CONTACT` is blank, or `SECURITY_TXT_EXPIRES`",
            ),
            (&[CONTACT, EXPIRES, ("languages", "en\nContact: x")], "`SECURITY_TXT_LANGUAGES` must be one line"),
        ] {
            let error = get(settings, PLACE).await.unwrap_err();
            assert_eq!(error.status(), StatusCode::SERVICE_UNAVAILABLE, "{settings:?}");
            assert!(error.detail().starts_with(expected), "{settings:?}: {}", error.detail());
        }
    }
}
