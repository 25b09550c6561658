//! The baked image.

/// A table.
#[derive(Debug, Clone, Copy)]
pub struct Table<'t> {
    bytes: &'t [u8],
}
