//! Bakes the store's apps.

fn main() {
    bakehouse_codegen::bake("apps.manifest.toml");
}
