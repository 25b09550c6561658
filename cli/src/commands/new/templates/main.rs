//! The apps of this host, baked into a server.

mod store {
    bakehouse_macros::apps!();
}

fn main() -> std::process::ExitCode {
    bakehouse::run(bakehouse::Store {
        registry: &store::REGISTRY,
        base: store::BASE,
        root: store::ROOT,
    })
}
