//! The features that a package declares.

use toml::de::{DeTable, DeValue};

/// The names of the features in a `Cargo.toml`: those under `[features]`, and the optional dependencies, which are
/// features unless something names them with `dep:`. Empty for a text that is not TOML, which cargo tells by itself.
pub fn cargo_features(text: &str) -> Vec<String> {
    let (document, _) = DeTable::parse_recoverable(text);
    let document = document.get_ref();
    let features = document.get("features").and_then(|it| it.get_ref().as_table());
    let named = features.into_iter().flatten().map(|(name, _)| name.get_ref().to_string());
    let dependencies = document.get("dependencies").and_then(|it| it.get_ref().as_table());
    let optional = dependencies.into_iter().flatten().filter(|(_, it)| is_optional(it.get_ref()));
    named.chain(optional.map(|(name, _)| name.get_ref().to_string())).collect()
}

fn is_optional(dependency: &DeValue<'_>) -> bool {
    dependency.get("optional").and_then(|it| it.get_ref().as_bool()) == Some(true)
}
