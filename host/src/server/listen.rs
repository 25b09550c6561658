//! Takes connections from the listening socket, whatever that says, and at the end all that the system took already.

use std::io::ErrorKind;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

use crate::trouble::{Listener, Trouble};

/// How long to rest when no connection can be taken, since there are too many open files, say.
const REST: Duration = Duration::from_millis(100);

/// The listening socket.
pub(super) struct Door {
    listener: TcpListener,
    /// Whether the last attempt to take a connection failed, and that is told.
    is_stuck: bool,
}

impl Door {
    pub(super) fn new(listener: TcpListener) -> Self {
        Self { listener, is_stuck: false }
    }

    /// The next connection. That there is none to be had is told once until there is one again.
    pub(super) async fn next(&mut self, troubles: &Listener) -> TcpStream {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    self.is_stuck = false;
                    return stream;
                }
                // It is the connection that went wrong: its client has gone again.
                Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
                Err(error) => {
                    if !std::mem::replace(&mut self.is_stuck, true) {
                        troubles.tell(&Trouble::of_host("can't take connections for now", &error));
                    }
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    /// Closes the socket; gives the connections that the system has taken for it by then. To their clients they are open,
    /// and a request may be on its way on each.
    pub(super) fn close(self) -> impl Iterator<Item = TcpStream> {
        // Asked directly, since the executor only knows of what its driver has told it so far.
        let listener = self.listener.into_std().ok();
        std::iter::from_fn(move || {
            let (stream, _) = listener.as_ref()?.accept().ok()?;
            stream.set_nonblocking(true).and_then(|()| TcpStream::from_std(stream)).ok()
        })
    }
}
