//! Clients of a server: a few connections that stay, on each one request after the other.

use std::net::SocketAddr;
use std::time::Instant;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::here::one_thread;
use crate::Result;
use crate::measure::{Seconds, process_cpu, wall};

/// How many connections there are at once.
pub(super) const N_CONNECTIONS: usize = 64;

/// What came of a turn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    /// Wall time of the turn by its requests.
    pub(super) wall: Seconds,
    /// CPU time of clients and server, by request.
    pub(super) cpu: Seconds,
    /// What 99 of 100 requests took at most.
    pub(super) p99: Seconds,
}

/// Sends so many requests, and reads their answers.
pub(super) fn turn(addr: SocketAddr, request: &'static str, n_requests: usize) -> Result<Turn> {
    let n_each = n_requests.div_ceil(N_CONNECTIONS);
    let runtime = one_thread()?;
    let clients = async {
        let mut clients = JoinSet::new();
        for _ in 0..N_CONNECTIONS {
            clients.spawn(client(addr, request.as_bytes(), n_each));
        }
        clients.join_all().await.into_iter().collect::<Result<Vec<_>, _>>()
    };
    let ((latencies, wall), cpu) = process_cpu(|| wall(|| runtime.block_on(clients)))?;
    let mut latencies = latencies?.concat();
    latencies.sort_unstable_by(f64::total_cmp);
    let p99 = latencies.get(latencies.len() * 99 / 100).copied().ok_or("nothing was asked")?;
    #[expect(clippy::cast_precision_loss, reason = "some ten thousand requests")]
    let n = latencies.len() as f64;
    Ok(Turn { wall: wall / n, cpu: cpu / n, p99 })
}

/// How long each request of a connection took.
async fn client(addr: SocketAddr, request: &'static [u8], n: usize) -> Result<Vec<Seconds>, String> {
    let failed = |error: std::io::Error| error.to_string();
    let mut stream = TcpStream::connect(addr).await.map_err(failed)?;
    stream.set_nodelay(true).map_err(failed)?;
    let (mut buffer, mut latencies) = ([0; 4096], Vec::with_capacity(n));
    for _ in 0..n {
        let began = Instant::now();
        stream.write_all(request).await.map_err(failed)?;
        // An answer is written whole, and is shorter than the buffer.
        let read = stream.read(&mut buffer).await.map_err(failed)?;
        latencies.push(began.elapsed().as_secs_f64());
        let answer = buffer.get(..read).unwrap_or_default();
        if !answer.starts_with(b"HTTP/1.1 200 ") || !answer.ends_with(BODY) {
            return Err(format!("an answer is {:?}", String::from_utf8_lossy(answer)));
        }
    }
    Ok(latencies)
}

/// What every answer ends with.
const BODY: &[u8] = b"hello x42";
