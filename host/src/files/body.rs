//! A file, or a part of it, as the body of an answer: read while it is sent.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::version::State;
use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead as _, ReadBuf};

/// How much is read at once, in bytes.
pub(crate) const CHUNK: u64 = 64 * 1024;

/// Fails if a file has left the state in which it was hashed: what was read may not be what its address names.
///
/// # Errors
/// That, or what the system says when the file can't be looked at.
pub(crate) fn check_state(file: &std::fs::File, lasting: Option<State>) -> io::Result<()> {
    match lasting {
        Some(state) if !state.is_of(file)? => Err(io::Error::other("the file changed while it was read")),
        _ => Ok(()),
    }
}

/// The next `left` bytes of an open file.
pub(crate) struct FileBody {
    file: File,
    left: u64,
    /// What is being read into; kept between polls, since the read goes on between them.
    chunk: BytesMut,
    /// The state in which the file has to be at the end, and the file to look at.
    lasting: Option<(State, std::fs::File)>,
}

impl FileBody {
    /// `len` bytes of the file from where it stands; with a state, nothing after all if the file leaves it.
    ///
    /// # Errors
    /// If the system can't open the file once more.
    pub(crate) fn new(file: std::fs::File, len: u64, lasting: Option<State>) -> io::Result<Self> {
        let lasting = lasting.map(|state| Ok::<_, io::Error>((state, file.try_clone()?))).transpose()?;
        Ok(Self { file: File::from_std(file), left: len, chunk: BytesMut::new(), lasting })
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
        if let (0, Some((state, file))) = (self.left, &self.lasting) {
            // Looking at an open file does not wait for the disk.
            check_state(file, Some(*state))?;
        }
        Poll::Ready(Some(Ok(Frame::data(read))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use http_body_util::BodyExt as _;

    use super::*;

    /// What a body comes to of which a part was sent when its file grew.
    async fn grown(to_last: bool) -> io::Result<usize> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("long");
        let mut bytes = vec![b'x'; 3 * usize::try_from(CHUNK).unwrap()];
        fs::write(&path, &bytes).unwrap();
        let file = std::fs::File::open(&path).unwrap();
        let state = State::of(&file.metadata().unwrap());
        let mut body = FileBody::new(file, bytes.len() as u64, to_last.then_some(state)).unwrap();
        let first = body.frame().await.unwrap()?.into_data().unwrap();
        bytes.push(b'y');
        fs::write(&path, &bytes).unwrap();
        Ok(first.len() + body.collect().await?.to_bytes().len())
    }

    #[tokio::test]
    async fn only_what_is_to_last_breaks_off_when_the_file_changes() {
        assert_eq!(grown(false).await.unwrap() as u64, 3 * CHUNK);
        assert_eq!(grown(true).await.unwrap_err().to_string(), "the file changed while it was read");
    }
}
