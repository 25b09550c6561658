//! The store: the apps of this repository, baked into a server.

mod store {
    bakehouse_macros::apps!();
}

fn main() -> std::process::ExitCode {
    bakehouse::run(bakehouse::Store { registry: &store::REGISTRY, base: store::BASE, root: store::ROOT })
}
