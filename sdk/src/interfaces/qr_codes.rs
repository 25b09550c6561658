//! QR codes, to apps that have something to scan.

use crate::{BoxFuture, Error};

/// A service that draws QR codes.
pub trait QrCodes: Send + Sync {
    /// Draws the text as an SVG picture, `size` pixels wide and high.
    ///
    /// # Errors
    ///
    /// 400 if the text is too long for a QR code.
    fn svg<'a>(&'a self, text: &'a str, size: u32) -> BoxFuture<'a, Result<String, Error>>;
}
