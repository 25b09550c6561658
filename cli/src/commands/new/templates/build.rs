//! Bakes the apps.

fn main() {
    bakehouse_codegen::bake("apps.manifest.toml");
}
