//! A file, or a part of it, as the body of an answer: read while it is sent.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead as _, ReadBuf};

/// How much is read at once, in bytes.
pub(crate) const CHUNK: u64 = 64 * 1024;

/// The next `left` bytes of an open file.
pub(crate) struct FileBody {
    file: File,
    left: u64,
    /// What is being read into; kept between polls, since the read goes on between them.
    chunk: BytesMut,
}

impl FileBody {
    /// `len` bytes of the file from where it stands.
    pub(crate) fn new(file: std::fs::File, len: u64) -> Self {
        Self { file: File::from_std(file), left: len, chunk: BytesMut::new() }
    }

    fn poll_chunk(&mut self, ctx: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        if self.chunk.is_empty() {
            let len = usize::try_from(self.left.min(CHUNK)).unwrap_or(usize::MAX);
            self.chunk = BytesMut::zeroed(len);
        }
        let mut buf = ReadBuf::new(&mut self.chunk);
        ready!(Pin::new(&mut self.file).poll_read(ctx, &mut buf))?;
        let len = buf.filled().len();
        let mut read = std::mem::take(&mut self.chunk);
        read.truncate(len);
        Poll::Ready(Ok(read.freeze()))
    }
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let read = ready!(self.poll_chunk(ctx))?;
        if read.is_empty() {
            // The length is promised already; breaking the connection off is how the client learns of it.
            return Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file became shorter"))));
        }
        self.left = self.left.saturating_sub(read.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(read))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
