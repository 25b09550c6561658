//! What every page has in common: the frame, the style, icons.

use std::fmt::{self, Display, Formatter};

pub(super) use bakehouse_sdk::page::Escaped;
use bakehouse_sdk::page::POLICY;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};

use crate::body::{Body, Response};

const STYLE: &str = include_str!("style.css");

/// A page: its title and what stands in its body, which is HTML already.
pub(crate) struct Page {
    pub(crate) title: String,
    pub(crate) body: String,
}

impl Page {
    /// The answer that shows the page.
    pub(crate) fn into_response(self, status: StatusCode) -> Response {
        let mut response = Response::new(Body::from(self.to_string()));
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY);
        response
    }
}

impl Display for Page {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
            Escaped(&self.title),
            self.body
        )
    }
}

/// An app's icon: its picture, or the first letter of its name on a colour of its own.
pub(super) struct Icon<'a> {
    pub(super) href: Option<&'a str>,
    pub(super) name: &'a str,
    pub(super) slug: &'a str,
}

impl Display for Icon<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(href) = self.href {
            return write!(f, "<img class=\"icon\" src=\"{}\" alt=\"\" loading=\"lazy\">", Escaped(href));
        }
        let letter = self.name.chars().find(|c| c.is_alphanumeric()).unwrap_or('?').to_uppercase().to_string();
        // The golden angle sets apart what hashes alike.
        let hue = self.slug.bytes().fold(0_u32, |hue, byte| (hue * 31 + u32::from(byte)) % 360) * 137 % 360;
        write!(f, "<span class=\"icon mono\" style=\"--h:{hue}\" aria-hidden=\"true\">{}</span>", Escaped(&letter))
    }
}
