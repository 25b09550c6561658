//! Bakes the apps of these hosts.

fn main() {
    bakehouse_codegen::bake("../apps.manifest.toml");
}
