//! Draws a text as a QR code: a text and a size in, SVG out.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode, types::QrError};

/// The empty border in modules that ISO/IEC 18004 asks for.
const QUIET: usize = 4;

/// How many bytes of any text the largest code holds at level M. Texts of digits or of capital letters may be longer.
const MOST_BYTES: usize = 2331;

/// An SVG of `size` pixels a side that shows the text at error correction level M, which survives a loss of 15 %.
///
/// # Errors
/// A sentence for the client if no QR code is large enough for the text.
pub(crate) fn svg(text: &str, size: u32) -> Result<String, String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|error| match error {
        QrError::DataTooLong => format!("`text` has {} bytes, but a QR code holds {MOST_BYTES}", text.len()),
        other => format!("`text` cannot be drawn as a QR code: {other}"),
    })?;
    let width = code.width() + 2 * QUIET;
    let modules = path(&code);
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {width}\" width=\"{size}\" height=\"{size}\" \
         role=\"img\" aria-label=\"QR code\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{width}v{width}H0z\"/><path d=\"{modules}\"/></svg>\n"
    ))
}

/// The dark modules as a path, a rectangle for each run of them in a row.
fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(code.width()).enumerate() {
        let mut x = QUIET;
        for run in row.chunk_by(|left, right| left == right) {
            let length = run.len();
            if run.first() == Some(&Color::Dark) {
                let _ = write!(path, "M{x} {}h{length}v1h-{length}z", y + QUIET);
            }
            x += length;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules that a drawing shows dark, row by row with the border, read from the SVG alone.
    fn modules(svg: &str) -> Vec<Vec<bool>> {
        let width = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        let mut modules = vec![vec![false; width]; width];
        let runs = svg.split("<path d=\"").nth(1).unwrap().split('"').next().unwrap();
        for run in runs.split_terminator('z') {
            let (x, rest) = run.strip_prefix('M').unwrap().split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let length: usize = rest.split_once("v1h-").unwrap().1.parse().unwrap();
            modules[y][x..x + length].fill(true);
        }
        modules
    }

    /// What a reader that knows nothing of the crate which made it sees in the drawing.
    fn read(svg: &str) -> String {
        const PIXELS: usize = 3;
        let modules = modules(svg);
        let width = modules.len() * PIXELS;
        let shade = |x: usize, y: usize| if modules[y / PIXELS][x / PIXELS] { 0 } else { 255 };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, width, shade);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().unwrap().1
    }

    #[test]
    fn a_reader_reads_the_text() {
        let long = "Bakehouse bakes a host's apps into its binary. ".repeat(12);
        for text in ["x", "HELLO WORLD", "0123456789", "https://example.org/?a=1&b=<2>", "Käse 漢字 🥐", &long] {
            assert_eq!(read(&svg(text, 256).unwrap()), text);
        }
    }

    #[test]
    fn the_border_is_four_modules_wide_and_light() {
        let modules = modules(&svg("Bakehouse", 256).unwrap());
        let width = modules.len();
        assert_eq!(width, 21 + 8);
        for (y, row) in modules.iter().enumerate() {
            for (x, dark) in row.iter().enumerate() {
                let border = [x, y].iter().any(|place| *place < 4 || *place >= width - 4);
                assert!(!(border && *dark), "{x} {y}");
            }
        }
        assert!(modules[4][4], "the corner of a finder pattern");
    }

    #[test]
    fn the_size_is_what_was_asked_for() {
        assert!(svg("x", 97).unwrap().contains("width=\"97\" height=\"97\""));
    }

    #[test]
    fn the_example_is_what_the_app_draws() {
        assert_eq!(include_str!("../static/example.svg"), svg("Bakehouse", 256).unwrap());
    }

    #[test]
    fn the_limit_is_exact() {
        assert!(svg(&"x".repeat(MOST_BYTES), 256).is_ok());
        let error = svg(&"x".repeat(MOST_BYTES + 1), 256).unwrap_err();
        assert_eq!(error, "`text` has 2332 bytes, but a QR code holds 2331");
    }
}
