//! `new app` and `new host`: a scaffold that builds, passes `check` and its own test. Nothing that is there is overwritten.

mod app;
mod cargo;
mod host;

use std::fs;
use std::path::{Path, PathBuf};

use bakehouse_codegen::{function_name, slug_help};

use super::Ctx;
use crate::args::{New, NewApp, NewHost};
use crate::failure::{Failure, Outcome, Trouble};

/// The oldest Rust that a scaffold builds with: that of its dependencies.
const RUST: &str = env!("CARGO_PKG_RUST_VERSION");

pub(super) fn run(args: &New, ctx: &mut Ctx) -> Outcome {
    match args {
        New::App(NewApp { slug }) => app::run(slug, ctx),
        New::Host(NewHost { dir, path }) => host::run(dir, path.as_deref(), ctx),
    }
}

/// A file of a scaffold: its path, and its text with names for `@name@`.
type Template = (&'static str, &'static str);

/// Refuses what is no slug by the rule that `check` has, and a slug after which no crate can be named.
fn check_name(slug: &str) -> Result<(), Failure> {
    if let Some(help) = slug_help(slug) {
        return Err(Trouble::new(format!("`{slug}` is no slug")).help(help).call());
    }
    let wrong = |why: &str| {
        Err(Trouble::new(format!("no crate can be named `{slug}`: {why}")).help("take another name").call())
    };
    let krate = crate_name(slug);
    if slug.contains('.') {
        wrong("it has a dot")
    } else if krate.starts_with(|c: char| c.is_ascii_digit()) {
        wrong("it begins with a digit")
    } else if function_name(slug) != krate {
        wrong("it is a keyword of Rust")
    } else if ["alloc", "core", "proc_macro", "std", "test"].contains(&krate.as_str()) || krate.starts_with("bakehouse")
    {
        wrong("another has that name")
    } else {
        Ok(())
    }
}

/// How Rust names the crate of a package.
fn crate_name(slug: &str) -> String {
    slug.replace(['-', '.'], "_")
}

/// A slug as a name for people: `google-calendar` as `Google calendar`.
fn title(slug: &str) -> String {
    let words = slug.replace(['-', '_'], " ");
    let mut chars = words.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

/// Writes the files of a scaffold into a folder, and returns their paths.
fn write(folder: &Path, templates: &[Template], names: &[(&str, &str)]) -> Result<Vec<PathBuf>, Failure> {
    templates.iter().map(|(path, text)| write_one(&folder.join(path), text, names)).collect()
}

fn write_one(path: &Path, template: &str, names: &[(&str, &str)]) -> Result<PathBuf, Failure> {
    let text = names.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("@{name}@"), value));
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder).and_then(|()| fs::write(path, text)).map_err(|error| {
        let help = "name a folder in which this user may write";
        Trouble::new(format!("failed to write `{}`", path.display())).because(&error).help(help).problem()
    })?;
    Ok(path.to_owned())
}

/// The paths for a person or a program, `/`-separated.
fn shown(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_crates_can_have() {
        for name in ["zoom", "google-calendar", "a_b", "zoom2"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for name in ["", "Zoom", "a--b", "a b", "../up", "a.b", "1password", "match", "self", "std", "bakehouse-sdk"] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn titles() {
        assert_eq!([title("zoom"), title("google-calendar")], ["Zoom", "Google calendar"]);
    }
}
