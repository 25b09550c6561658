//! What the fuzz targets make of bytes.

pub mod image;
pub mod input;
