//! One connection, from its first request to its end.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::Poll;
use std::time::Duration;

use http::header::CONNECTION;
use http::{HeaderValue, Request};
use http_body::Body as _;
use hyper::body::Incoming;
use hyper::server::conn::http1::{Builder, Connection};
use hyper::service::{HttpService, service_fn};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::seat::{Flight, FlightBody, Seat};
use super::socket::Io;
use crate::dispatch::dispatch;
use crate::host::Host;
use crate::trace;

/// How long a connection that waits for a request is kept when the host ends: one may be on its way. It is answered, and told
/// that it was the last.
const LAST_CALL: Duration = Duration::from_millis(250);

/// How long the rest of a body is read that nobody wanted, so that its client gets to reading the answer. To close a
/// connection on which something is unread would throw away what the client has not read yet.
const UNWANTED: Duration = Duration::from_secs(2);

/// Serves a connection until it is closed, or no longer needed because the server is ending.
pub(super) async fn serve(stream: TcpStream, http: Builder, host: Arc<Host>, mut ending: watch::Receiver<bool>) {
    // Answers are written whole; waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    let seat = Seat::new(host);
    let service = service_fn(|request| answer(Flight::begin(Arc::clone(&seat)), request));
    let mut connection = http.serve_connection(Io::new(stream, Arc::clone(&seat)), service);
    let last_call = async { drop(ending.wait_for(|is_ending| *is_ending).await) };
    let ended = tokio::select! {
        biased;
        ended = &mut connection => ended,
        () = last_call => end(&mut connection, &seat).await,
        () = seat.out_of_patience() => return,
    };
    match ended {
        Ok(()) if seat.is_unread.load(Relaxed) => read_unwanted(connection.into_parts().io.into_stream()).await,
        Ok(()) => {}
        // Nobody need be told: it is its client's affair, or was told where it went wrong.
        Err(error) => trace::broken(&error),
    }
}

async fn answer(flight: Flight, request: Request<Incoming>) -> Result<http::Response<FlightBody>, Infallible> {
    let seat = flight.seat();
    let (request, mut body) = request.into_parts();
    let mut response = dispatch(&seat.host, request, &mut body).await;
    if !body.is_end_stream() {
        seat.is_unread.store(true, Relaxed);
    }
    seat.host.counters.answer(response.status());
    if seat.host.progress.is_ending() {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.map(|body| FlightBody { body, _flight: flight }))
}

/// Ends a connection: what is being answered is answered, and so is what comes before the last call is over. A head that
/// is not whole by then is not waited for.
async fn end<S>(connection: &mut Connection<Io, S>, seat: &Seat) -> hyper::Result<()>
where
    S: HttpService<Incoming, ResBody = FlightBody, Error = Infallible>,
{
    tokio::select! {
        biased;
        ended = &mut *connection => return ended,
        () = sleep(LAST_CALL) => {}
    }
    Pin::new(&mut *connection).graceful_shutdown();
    poll_fn(|ctx| match Pin::new(&mut *connection).poll(ctx) {
        Poll::Pending if seat.is_waiting() => Poll::Ready(Ok(())),
        polled => polled,
    })
    .await
}

/// Reads until the client has closed its side too, or for long enough.
async fn read_unwanted(mut stream: TcpStream) {
    let mut unwanted = [0; 4096];
    let read = async { while stream.read(&mut unwanted).await.is_ok_and(|n| n > 0) {} };
    let _ = timeout(UNWANTED, read).await;
}
