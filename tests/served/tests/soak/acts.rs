//! What clients and operators do to the host, and what has to come of it.

use bakehouse_served::{Answer, Client};

use crate::world::World;

/// Somebody who does one thing after the other.
pub(crate) struct Worker {
    world: &'static World,
    client: Client,
    /// Of a linear congruential generator: the same acts in every run.
    number: u64,
    pub(crate) n_acts: u64,
}

/// An act by its number in [`ACTS`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum Act {
    /// Asks for a core app.
    Core,
    /// Asks for an app that may not be loaded.
    Lazy,
    /// Asks for a file of such an app.
    File,
    /// Asks for an app that takes a while to load.
    Slow,
    /// Asks for that, and does not wait for the answer.
    Leave,
    /// Asks for an app that panics when it is called.
    Bad,
    /// Asks for an app whose constructor fails, panics, or never ends.
    Failing,
    /// Asks for nothing that there is.
    Nothing,
    /// Holds an app while others come and go.
    Hold,
    /// Has an app unloaded.
    Unload,
}

/// All of them, those that are done more often several times.
pub(crate) const ACTS: [Act; 15] = [
    Act::Core,
    Act::Core,
    Act::Lazy,
    Act::Lazy,
    Act::Lazy,
    Act::Lazy,
    Act::File,
    Act::File,
    Act::Slow,
    Act::Leave,
    Act::Bad,
    Act::Failing,
    Act::Nothing,
    Act::Hold,
    Act::Unload,
];

impl Worker {
    pub(crate) async fn new(world: &'static World, seed: u64) -> Self {
        Self { world, client: Client::connect(world.served.addr).await, number: seed, n_acts: 0 }
    }

    pub(crate) async fn act_at_random(&mut self) {
        let idx = self.below(ACTS.len());
        self.act(idx).await;
    }

    pub(crate) async fn act(&mut self, idx: usize) {
        self.n_acts += 1;
        match ACTS[idx] {
            Act::Core => self.ask_app("core", 2).await,
            Act::Lazy => self.ask_app("lazy", 8).await,
            Act::File => {
                let n = self.below(8);
                let answer = self.get(&format!("/files/{n}.txt")).await;
                assert_eq!((answer.status, answer.body), (200, format!("text of {n}").into_bytes()));
            }
            Act::Slow => {
                let answer = self.get("/slow").await;
                assert_eq!((answer.status, answer.body), (200, b"slow".to_vec()));
            }
            Act::Leave => {
                let next = Client::connect(self.world.served.addr).await;
                let target = ["/slow", "/lazy-0", "/stuck"][self.below(3)];
                std::mem::replace(&mut self.client, next).leave(target).await;
            }
            Act::Bad => assert_eq!(self.get("/bad").await.status, 500),
            Act::Failing => {
                let slug = ["flaky", "panicking", "stuck"][self.below(3)];
                let answer = self.get(&format!("/{slug}")).await;
                assert!(answer.status == 503 || answer.body == slug.as_bytes(), "{slug}: {}", answer.status);
            }
            Act::Nothing => assert_eq!(self.get("/nothing").await.status, 404),
            Act::Hold => self.hold().await,
            Act::Unload => {
                let app = self.world.app(&format!("lazy-{}", self.below(8)));
                self.world.registry.unload(app);
            }
        }
    }

    async fn ask_app(&mut self, kind: &str, n: usize) {
        let slug = format!("{kind}-{}", self.below(n));
        let answer = self.get(&format!("/{slug}")).await;
        assert_eq!((answer.status, String::from_utf8_lossy(&answer.body)), (200, slug.as_str().into()));
    }

    async fn get(&mut self, target: &str) -> Answer {
        self.client.ask("GET", target, &[]).await
    }

    /// Keeps an app across other requests, which may have it evicted or unloaded.
    async fn hold(&mut self) {
        let slug = format!("lazy-{}", self.below(8));
        let held = self.world.registry.load(self.world.app(&slug)).await.expect("a good app loads");
        for _ in 0..3 {
            self.ask_app("lazy", 8).await;
        }
        assert!(self.world.lives.n_alive(&slug) > 0, "`{slug}` lives while it is held");
        drop(held);
    }

    fn below(&mut self, n: usize) -> usize {
        self.number = self.number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.number >> 33).unwrap_or_default() % n
    }
}
