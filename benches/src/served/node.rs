//! The Node host: its script, and a module for each app.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Result;
use crate::measure::output_of;

const SCRIPT: &str = include_str!("host.mjs");
/// What a module of an app is at the least: it keeps its settings and answers.
const MODULE: &str = "\
const settings = { clientId: process.env.CLIENT_ID, clientSecret: process.env.CLIENT_SECRET };\n\
module.exports = (request, response) => {\n\
  response.setHeader(\"content-type\", \"application/json\");\n\
  response.end(JSON.stringify({ url: request.url, isConfigured: Boolean(settings.clientId) }));\n\
};\n";

/// What Node says of its version; none where it is not installed.
pub(super) fn version() -> Option<String> {
    let output = output_of(Command::new("node").arg("--version")).ok()?;
    Some(String::from_utf8_lossy(&output).trim().to_owned())
}

/// Writes the script beside the apps, and a module into the folder of each.
pub(super) fn write(tree: &Path) -> Result<()> {
    fs::write(tree.join("host.mjs"), SCRIPT)?;
    for entry in walkdir::WalkDir::new(tree.join("apps")).min_depth(1).max_depth(3) {
        let entry = entry?;
        let name = entry.file_name();
        let folder = entry.path().parent().filter(|_| name == "config.json" || name == "metadata.derived.json");
        if let Some(folder) = folder {
            fs::write(folder.join("bench-module.cjs"), MODULE)?;
        }
    }
    Ok(())
}

pub(super) fn command(tree: &Path, public: &Path) -> Command {
    let mut node = Command::new("node");
    node.arg(tree.join("host.mjs")).arg(tree.join("apps")).arg(public);
    node
}
