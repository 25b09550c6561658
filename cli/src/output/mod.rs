//! What a command answers: for people or as JSON, on stdout.

mod columns;
pub(crate) mod text;

use std::fmt::Display;
use std::io::{self, BufWriter, Stdout, Write};

use serde_json::Value;

pub(crate) use columns::Columns;

use crate::args::Format;
use crate::failure::Failure;

/// Stdout, buffered. It is not locked, since the apps of a host that serves may print too.
pub(crate) struct Output {
    format: Format,
    out: BufWriter<Stdout>,
}

impl Output {
    pub(crate) fn new(format: Format) -> Self {
        Self { format, out: BufWriter::with_capacity(64 * 1024, io::stdout()) }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// A value in a line of its own.
    pub(crate) fn json(&mut self, value: &Value) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.out, value).map_err(io::Error::from)?;
        self.out.write_all(b"\n")?;
        Ok(())
    }

    /// A line for people.
    pub(crate) fn line(&mut self, line: impl Display) -> Result<(), Failure> {
        writeln!(self.out, "{line}")?;
        Ok(())
    }

    /// Text that ends its own lines.
    pub(crate) fn text(&mut self, text: impl Display) -> Result<(), Failure> {
        write!(self.out, "{text}")?;
        Ok(())
    }

    /// Sends what was written so far.
    pub(crate) fn finish(&mut self) -> Result<(), Failure> {
        self.out.flush()?;
        Ok(())
    }
}
