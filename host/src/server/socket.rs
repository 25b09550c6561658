//! A connection's socket, which notes whether all that was written is sent.

use std::io::{IoSlice, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::seat::Seat;

/// The socket of a connection.
pub(super) struct Io {
    stream: TokioIo<TcpStream>,
    seat: Arc<Seat>,
}

impl Io {
    pub(super) fn new(stream: TcpStream, seat: Arc<Seat>) -> Self {
        Self { stream: TokioIo::new(stream), seat }
    }

    pub(super) fn into_stream(self) -> TcpStream {
        self.stream.into_inner()
    }

    fn stream(&mut self) -> Pin<&mut TokioIo<TcpStream>> {
        Pin::new(&mut self.stream)
    }
}

impl Read for Io {
    fn poll_read(mut self: Pin<&mut Self>, ctx: &mut Context<'_>, buf: ReadBufCursor<'_>) -> Poll<Result<()>> {
        self.stream().poll_read(ctx, buf)
    }
}

impl Write for Io {
    fn poll_write(mut self: Pin<&mut Self>, ctx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        self.seat.is_unsent.store(true, Relaxed);
        self.stream().poll_write(ctx, buf)
    }

    /// Asked for once all that is to be written has been.
    fn poll_flush(mut self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<Result<()>> {
        ready!(self.stream().poll_flush(ctx))?;
        self.seat.is_unsent.store(false, Relaxed);
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<Result<()>> {
        self.stream().poll_shutdown(ctx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        ctx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        self.seat.is_unsent.store(true, Relaxed);
        self.stream().poll_write_vectored(ctx, bufs)
    }
}
