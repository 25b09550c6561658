//! What one connection is at, so that it can be ended without cutting off an answer.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use bakehouse_sdk::BoxError;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::time::sleep;

use crate::body::Body;
use crate::host::Host;

/// A connection's place at the host. Only the connection's own task looks at the flags and changes them; they are atomics
/// because that task is moved among threads.
pub(super) struct Seat {
    pub(super) host: Arc<Host>,
    /// Whether a request is being answered: from its head to the last piece of the answer's body.
    is_busy: AtomicBool,
    /// Whether something was written that may not have been sent yet.
    pub(super) is_unsent: AtomicBool,
    /// Whether the body of a request was not read to its end.
    pub(super) is_unread: AtomicBool,
    /// Since when the client is to send the head of a request: microseconds since the host was started.
    waiting_since: AtomicU64,
}

impl Seat {
    pub(super) fn new(host: Arc<Host>) -> Arc<Self> {
        let no = || AtomicBool::new(false);
        let waiting_since = AtomicU64::new(now(&host));
        Arc::new(Self { host, is_busy: no(), is_unsent: no(), is_unread: no(), waiting_since })
    }

    /// Waits until the client has taken longer to send a head than it may. Looks at the clock when it may be so, and not
    /// whenever a request is answered, as a timer for each of them would.
    pub(super) async fn out_of_patience(&self) {
        let limit = self.host.config.read_limit;
        while let Some(rest) = limit.checked_sub(self.waited()).filter(|rest| !rest.is_zero()) {
            sleep(rest).await;
        }
    }

    /// How long the client has been waited for; not at all while a request of it is being answered.
    fn waited(&self) -> Duration {
        let since = self.waiting_since.load(Relaxed);
        let waited = if self.is_busy.load(Relaxed) { 0 } else { now(&self.host).saturating_sub(since) };
        Duration::from_micros(waited)
    }

    /// Whether there is nothing to be done before the client has sent a whole head.
    pub(super) fn is_waiting(&self) -> bool {
        !self.is_busy.load(Relaxed) && !self.is_unsent.load(Relaxed)
    }
}

fn now(host: &Host) -> u64 {
    u64::try_from(host.began.elapsed().as_micros()).unwrap_or(u64::MAX)
}

/// A request that is being answered, for as long as this is there.
pub(super) struct Flight(Arc<Seat>);

impl Flight {
    pub(super) fn begin(seat: Arc<Seat>) -> Self {
        seat.is_busy.store(true, Relaxed);
        seat.host.counters.begin();
        Self(seat)
    }

    pub(super) fn seat(&self) -> &Seat {
        &self.0
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.0.waiting_since.store(now(&self.0.host), Relaxed);
        self.0.is_busy.store(false, Relaxed);
        self.0.host.counters.end();
    }
}

/// The body of an answer. The request is in flight until it is sent or given up.
pub(super) struct FlightBody {
    pub(super) body: Body,
    pub(super) _flight: Flight,
}

impl http_body::Body for FlightBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Pin::new(&mut self.body).poll_frame(ctx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
