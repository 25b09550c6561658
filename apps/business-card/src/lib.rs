//! The store's app for a card with one's address: `/business-card/card.vcf` for an address book (RFC 6350), and
//! `/qr-code/business-card.svg` to scan, a path that it takes from the QR code app, which draws it.

use std::fmt::Write as _;

use bakehouse_sdk::{
    App, BoxError, Context, Error, Request, RequestExt, Response, Uses,
    http::{HeaderValue, header::CONTENT_DISPOSITION},
    interfaces::QrCodes,
    page::{answer, page},
};

/// The side of the QR code in pixels.
const SIZE: u32 = 256;

/// What may be on the card beside the name: the setting's key and the card's property.
const PROPERTIES: [(&str, &str); 4] = [("organization", "ORG"), ("email", "EMAIL"), ("phone", "TEL"), ("url", "URL")];

/// The app: where its settings are, and the way to QR codes.
#[derive(Debug)]
pub struct BusinessCard {
    ctx: Context,
    qr_codes: Uses<dyn QrCodes>,
}

/// Makes the app.
///
/// # Errors
///
/// If the manifest does not say that it uses `qr-code`.
#[expect(clippy::unused_async, reason = "a constructor is async, also where it awaits nothing")]
pub async fn app(ctx: &Context) -> Result<BusinessCard, BoxError> {
    Ok(BusinessCard { ctx: ctx.clone(), qr_codes: ctx.uses("qr-code")? })
}

impl App for BusinessCard {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match request.pattern() {
            Some("/business-card/card.vcf") => Ok(file(self.card()?)),
            Some("/qr-code/business-card.svg") => {
                let picture = self.qr_codes.get().await?.svg(&self.card()?, SIZE).await?;
                Ok(answer("image/svg+xml", picture))
            }
            _ => Ok(page("Business card", "/app-assets/business-card/icon.svg", include_str!("home.html"))),
        }
    }
}

impl BusinessCard {
    /// The card as a vCard. Its lines are not folded, which old address books on telephones don't undo.
    fn card(&self) -> Result<String, Error> {
        let name = escape(&self.ctx.setting("name")?);
        let mut card = format!("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{name}\r\n");
        for (key, property) in PROPERTIES {
            if let Ok(value) = self.ctx.setting(key) {
                // Writing into a string can't fail.
                let _ = write!(card, "{property}:{}\r\n", escape(&value));
            }
        }
        Ok(card + "END:VCARD\r\n")
    }
}

fn file(card: String) -> Response {
    let mut response = answer("text/vcard; charset=utf-8", card);
    let name = HeaderValue::from_static("attachment; filename=\"card.vcf\"");
    response.headers_mut().insert(CONTENT_DISPOSITION, name);
    response
}

/// A text with the characters escaped that mean something in a value (RFC 6350, section 3.4).
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            // Nothing else of them belongs on a card.
            _ if c.is_control() => {}
            _ => escaped.push(c),
        }
    }
    escaped
}
