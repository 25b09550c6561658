//! The body of an answer: whole, or piece by piece from a file or an app.

use std::pin::Pin;
use std::task::{Context, Poll};

use bakehouse_sdk::BoxError;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt as _;
use http_body_util::combinators::UnsyncBoxBody;

use crate::guard;
use crate::trouble::{Listener, Trouble};

/// An answer of the host.
pub(crate) type Response = http::Response<Body>;

/// The body of an answer.
pub(crate) enum Body {
    /// Empty once it is sent.
    Whole(Bytes),
    /// What comes piece by piece.
    Stream(Stream),
}

/// A body that comes piece by piece. Where it breaks off, the connection is closed: that is how the client learns of it.
pub(crate) struct Stream {
    /// There until this is dropped.
    source: Option<UnsyncBoxBody<Bytes, BoxError>>,
    /// Who is to be told if it breaks off, and what is known already.
    told: Option<Box<(Listener, Trouble)>>,
}

impl Body {
    pub(crate) fn empty() -> Self {
        Self::Whole(Bytes::new())
    }

    /// A body that is read while it is sent.
    pub(crate) fn stream<B>(source: B) -> Self
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self::Stream(Stream { source: Some(source.map_err(Into::into).boxed_unsync()), told: None })
    }

    /// What an app answers with.
    pub(crate) fn of_app(body: bakehouse_sdk::Body) -> Self {
        match body.as_bytes() {
            Some(bytes) => Self::Whole(bytes.clone()),
            None => Self::stream(body),
        }
    }

    /// The body, which tells this trouble with its causes if it breaks off.
    pub(crate) fn or_tell(mut self, listener: &Listener, trouble: impl FnOnce() -> Trouble) -> Self {
        if let Self::Stream(stream) = &mut self {
            stream.told = Some(Box::new((listener.clone(), trouble())));
        }
        self
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.get_mut() {
            Self::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Self::Stream(stream) => stream.poll_frame(ctx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_empty(),
            Self::Stream(stream) => stream.source.as_ref().is_none_or(http_body::Body::is_end_stream),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Stream(stream) => stream.source.as_ref().map(http_body::Body::size_hint).unwrap_or_default(),
        }
    }
}

impl Stream {
    fn poll_frame(&mut self, ctx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let Some(source) = &mut self.source else { return Poll::Ready(None) };
        let polled = guard::attempt(|| http_body::Body::poll_frame(Pin::new(source), ctx));
        let polled = polled.unwrap_or_else(|panic| Poll::Ready(Some(Err(format!("it panicked: `{panic}`").into()))));
        if let Poll::Ready(Some(Err(error))) = &polled
            && let Some((listener, trouble)) = self.told.take().map(|told| *told)
        {
            listener.tell(&trouble.because(&**error));
        }
        polled
    }
}

/// An app's stream may panic when it is dropped, too.
impl Drop for Stream {
    fn drop(&mut self) {
        guard::discard(self.source.take());
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::Whole(bytes)
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::Whole(text.into())
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Whole(bytes.into())
    }
}
