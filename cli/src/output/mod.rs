//! What a command answers: for people or as JSON, on stdout.

mod columns;
pub(crate) mod file;
mod meter;
pub(crate) mod text;

use std::fmt::Display;
use std::io::{self, BufWriter, Stdout, Write};

use serde_json::Value;

pub(crate) use columns::Columns;
pub(crate) use meter::Meter;

use crate::args::Format;
use crate::failure::{Failure, Trouble};

/// Stdout, buffered. It is not locked, since the apps of a host that serves may print too.
pub(crate) struct Output {
    format: Format,
    out: BufWriter<Stdout>,
    /// Whether somebody may still read. A reader such as `head` goes when it has seen enough; what a command comes to
    /// does not depend on that.
    is_read: bool,
}

impl Output {
    pub(crate) fn new(format: Format) -> Self {
        Self { format, out: BufWriter::with_capacity(64 * 1024, io::stdout()), is_read: true }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    pub(crate) fn is_sarif(&self) -> bool {
        self.format == Format::Sarif
    }

    pub(crate) fn is_read(&self) -> bool {
        self.is_read
    }

    /// A value in a line of its own.
    pub(crate) fn json(&mut self, value: &Value) -> Result<(), Failure> {
        self.write(|out| {
            serde_json::to_writer(&mut *out, value)?;
            out.write_all(b"\n")
        })
    }

    /// A line for people.
    pub(crate) fn line(&mut self, line: impl Display) -> Result<(), Failure> {
        self.write(|out| writeln!(out, "{line}"))
    }

    /// Text that ends its own lines.
    pub(crate) fn text(&mut self, text: impl Display) -> Result<(), Failure> {
        self.write(|out| write!(out, "{text}"))
    }

    /// Sends what was written so far.
    pub(crate) fn finish(&mut self) -> Result<(), Failure> {
        self.write(BufWriter::flush)
    }

    fn write(&mut self, write: impl FnOnce(&mut BufWriter<Stdout>) -> io::Result<()>) -> Result<(), Failure> {
        if !self.is_read {
            return Ok(());
        }
        match write(&mut self.out) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_read = false;
                Ok(())
            }
            Err(error) => Err(Trouble::new("failed to write to stdout").because(&error).problem()),
        }
    }
}
