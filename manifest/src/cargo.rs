//! What a `Cargo.toml` says that apps with code need: the package's dependencies and features.

use std::collections::{BTreeMap, BTreeSet};

use toml::de::{DeTable, DeValue};

/// The package whose build script bakes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CargoPackage {
    /// The names of its library, by which its own code is named: the package's and what `[lib]` gives.
    pub names: Vec<String>,
    /// Its dependencies, and whether each is optional.
    pub dependencies: BTreeMap<String, bool>,
    /// Its features and what each turns on, those of optional dependencies that have one of their own among them.
    pub features: BTreeMap<String, Vec<String>>,
    /// Whether its build script may bake: `bakehouse-codegen` is a build dependency.
    pub bakes: bool,
}

impl CargoPackage {
    /// Reads a `Cargo.toml`. None for a text that describes no package, or is not TOML, which cargo tells by itself.
    pub fn parse(text: &str) -> Option<Self> {
        let (document, errors) = DeTable::parse_recoverable(text);
        let document = document.get_ref();
        let package = document.get("package").filter(|_| errors.is_empty())?.get_ref();
        let lib = document.get("lib").and_then(|lib| string(lib.get_ref(), "name"));
        let mut read = Self {
            names: string(package, "name").into_iter().chain(lib).collect(),
            bakes: table(document, "build-dependencies").is_some_and(|it| it.iter().any(is_codegen)),
            ..Self::default()
        };
        read.take_dependencies(document);
        for target in table(document, "target").into_iter().flat_map(|targets| targets.values()) {
            if let DeValue::Table(target) = target.get_ref() {
                read.take_dependencies(target);
            }
        }
        read.take_features(document);
        Some(read)
    }

    /// All that a feature turns on, itself and `dep:` dependencies among it.
    pub fn turned_on(&self, feature: &str) -> BTreeSet<String> {
        let mut on = BTreeSet::new();
        let mut open = vec![feature.to_owned()];
        while let Some(name) = open.pop() {
            if let Some((dependency, _)) = name.split_once('/') {
                // With a question mark, only the feature of a dependency that is on anyway.
                open.extend((!dependency.ends_with('?')).then(|| format!("dep:{dependency}")));
            } else if on.insert(name.clone()) {
                open.extend(self.features.get(&name).into_iter().flatten().cloned());
            }
        }
        on
    }

    fn take_dependencies(&mut self, document: &DeTable<'_>) {
        for (name, dependency) in table(document, "dependencies").into_iter().flatten() {
            let is_optional = is_true(dependency.get_ref(), "optional");
            // What one platform has always is there for it.
            *self.dependencies.entry(name.get_ref().to_string()).or_insert(is_optional) &= is_optional;
        }
    }

    fn take_features(&mut self, document: &DeTable<'_>) {
        for (name, items) in table(document, "features").into_iter().flatten() {
            let items = items.get_ref().as_array().into_iter().flatten();
            let items = items.filter_map(|item| item.get_ref().as_str().map(str::to_owned));
            self.features.insert(name.get_ref().to_string(), items.collect());
        }
        let named: BTreeSet<String> = self.features.values().flatten().cloned().collect();
        // An optional dependency is a feature of its own unless something names it with `dep:`.
        for (name, _) in self.dependencies.iter().filter(|(_, optional)| **optional) {
            let own = format!("dep:{name}");
            if !named.contains(&own) {
                self.features.entry(name.clone()).or_insert_with(|| vec![own]);
            }
        }
    }
}

fn table<'a, 't>(document: &'a DeTable<'t>, key: &str) -> Option<&'a DeTable<'t>> {
    document.get(key)?.get_ref().as_table()
}

fn string(value: &DeValue<'_>, key: &str) -> Option<String> {
    value.get(key)?.get_ref().as_str().map(str::to_owned)
}

fn is_true(value: &DeValue<'_>, key: &str) -> bool {
    value.get(key).and_then(|it| it.get_ref().as_bool()) == Some(true)
}

fn is_codegen((name, dependency): (&toml::Spanned<toml::de::DeString<'_>>, &toml::Spanned<DeValue<'_>>)) -> bool {
    const CODEGEN: &str = "bakehouse-codegen";
    name.get_ref() == CODEGEN || string(dependency.get_ref(), "package").is_some_and(|package| package == CODEGEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_turn_on_what_they_name_and_what_that_names() {
        let text = "[package]\nname = \"a-host\"\n[lib]\nname = \"hosted\"\n\
            [dependencies]\nzoom = { path = \"zoom\", optional = true }\noauth = { path = \"oauth\", optional = true }\n\
            serde = \"1\"\n[target.'cfg(unix)'.dependencies]\nrustix = \"1\"\n\
            [features]\nfull = [\"zoom\"]\nzoom = [\"dep:zoom\", \"oauth?/x\", \"serde/std\"]\n\
            [build-dependencies]\nbake = { package = \"bakehouse-codegen\", version = \"1\" }\n";
        let package = CargoPackage::parse(text).expect("a package");
        assert_eq!(package.names, ["a-host", "hosted"]);
        let dependencies: Vec<_> =
            package.dependencies.iter().map(|(name, optional)| (name.as_str(), *optional)).collect();
        assert_eq!(dependencies, [("oauth", true), ("rustix", false), ("serde", false), ("zoom", true)]);
        assert_eq!(package.features.keys().collect::<Vec<_>>(), ["full", "oauth", "zoom"]);
        assert_eq!(
            package.turned_on("full").into_iter().collect::<Vec<_>>(),
            ["dep:serde", "dep:zoom", "full", "zoom"]
        );
        assert!(package.bakes);
        assert_eq!(CargoPackage::parse("[workspace]\nmembers = []\n"), None);
        assert_eq!(CargoPackage::parse("[package\n"), None);
    }
}
