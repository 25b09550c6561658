//! Why a host could not serve.

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::io;
use std::net::SocketAddr;

use bakehouse_runtime::registry::StartError;

/// Why a host could not begin to serve.
#[derive(Debug)]
pub struct ServeError {
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Start(StartError),
    Bind { addr: SocketAddr, source: io::Error },
    Run(io::Error),
}

impl ServeError {
    pub(crate) fn start(source: StartError) -> Self {
        Self { kind: Kind::Start(source) }
    }

    pub(crate) fn bind(addr: SocketAddr, source: io::Error) -> Self {
        Self { kind: Kind::Bind { addr, source } }
    }

    pub(crate) fn run(source: io::Error) -> Self {
        Self { kind: Kind::Run(source) }
    }

    /// Whether another program listens on the address.
    pub fn is_address_in_use(&self) -> bool {
        self.bind_kind() == Some(io::ErrorKind::AddrInUse)
    }

    /// What to do about it, if that is known.
    pub fn help(&self) -> Option<&'static str> {
        match self.bind_kind()? {
            io::ErrorKind::AddrInUse => Some(
                "stop the program that listens there, or choose another port with `--addr`; port 0 takes any free one",
            ),
            io::ErrorKind::AddrNotAvailable => {
                Some("choose an address of this machine with `--addr`, such as 127.0.0.1, or 0.0.0.0 for all of them")
            }
            io::ErrorKind::PermissionDenied => {
                Some("choose a port of 1024 or more with `--addr`, or allow this program to listen on lower ones")
            }
            _ => None,
        }
    }

    fn bind_kind(&self) -> Option<io::ErrorKind> {
        match &self.kind {
            Kind::Bind { source, .. } => Some(source.kind()),
            Kind::Start(_) | Kind::Run(_) => None,
        }
    }
}

impl Display for ServeError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Start(_) => f.write_str("the apps of the table can't be bound to this binary"),
            Kind::Bind { addr, .. } => write!(f, "can't listen on `{addr}`"),
            Kind::Run(_) => f.write_str("the server can't go on"),
        }
    }
}

impl Error for ServeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            Kind::Start(source) => Some(source),
            Kind::Bind { source, .. } | Kind::Run(source) => Some(source),
        }
    }
}
