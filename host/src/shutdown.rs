//! When a host is to end.

/// Waits until this process is told to end: by SIGTERM or SIGINT, on Windows by Ctrl-C.
///
/// Each call waits for another signal; what came before it is not remembered.
///
/// # Errors
/// If the system does not let this process listen for signals.
pub async fn terminated() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        tokio::select! {
            _ = terminate.recv() => Ok(()),
            _ = interrupt.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
