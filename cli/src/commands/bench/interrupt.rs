//! A signal that ends the command between two steps, so that what it made can be taken away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use bakehouse_host::terminated;
use tokio::runtime::Builder;

use crate::failure::{Failure, Trouble};

/// Whether the command was told to end.
pub(super) struct Interrupt {
    came: Arc<AtomicBool>,
}

impl Interrupt {
    /// Listens for signals from now on, in a thread of its own.
    pub(super) fn watch() -> Result<Self, Failure> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime =
            runtime.map_err(|error| Trouble::new("failed to listen for signals").because(&error).problem())?;
        let came = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&came);
        thread::spawn(move || {
            // Where the system does not let it listen, a signal ends the process as ever.
            if runtime.block_on(terminated()).is_ok() {
                told.store(true, Ordering::Relaxed);
            }
        });
        Ok(Self { came })
    }

    /// # Errors
    /// If a signal came.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.came.load(Ordering::Relaxed) { Err(Trouble::new("interrupted").problem()) } else { Ok(()) }
    }
}
