//! `schema`: the JSON Schema of a manifest, for editors that complete and check it as it is written.

mod app;
mod host;

use serde_json::{Value, json};

use super::Ctx;
use crate::args::{Schema, Whose};
use crate::failure::{Outcome, Verdict};

pub(super) fn run(args: &Schema, ctx: &mut Ctx) -> Outcome {
    let schema = match args.whose {
        Whose::Host => host::schema(),
        Whose::App => app::schema(),
    };
    // Indented whatever `--format` says: it is a file to keep.
    ctx.out.line(format_args!("{schema:#}"))?;
    Ok(Verdict::Fine)
}

/// A whole schema, in the version that editors for TOML know.
fn document(title: &str, required: &[&str], keys: &Value) -> Value {
    let mut document = table(title, required, keys);
    document["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    document["title"] = json!(title);
    document
}

/// A table that has these keys and no others.
fn table(description: &str, required: &[&str], keys: &Value) -> Value {
    json!({
        "type": "object",
        "description": description,
        "properties": keys,
        "required": required,
        "additionalProperties": false,
    })
}

fn string(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn string_or(default: &str, description: &str) -> Value {
    json!({ "type": "string", "description": description, "default": default })
}

fn strings(description: &str) -> Value {
    list(description, &json!({ "type": "string" }))
}

fn list(description: &str, items: &Value) -> Value {
    json!({ "type": "array", "description": description, "items": items })
}

fn boolean(default: bool, description: &str) -> Value {
    json!({ "type": "boolean", "description": description, "default": default })
}

/// A string that is one of a few, the first if the key is not there.
fn one_of(values: &[&str], description: &str) -> Value {
    json!({ "type": "string", "description": description, "enum": values, "default": values.first() })
}

/// How an asset comes into the public folder.
fn mode(description: &str) -> Value {
    one_of(&["auto", "symlink", "hardlink", "copy"], description)
}

/// A set of assets, of an app or of all apps.
fn asset_set(description: &str, to: &str) -> Value {
    let mut keys = json!({
        "from": string("The folder or file, relative to the app's folder"),
        "to": string(to),
        "critical": strings("Files of the set that are in place before the host answers, relative to `from`"),
        "lazy": boolean(false, "Whether it is linked only when the app loads or the asset is first asked for"),
        "mode": mode("How it is linked; if not said, as the host's `assets.mode` says"),
    });
    // What it is without the key is the host's to say.
    if let Some(mode) = keys["mode"].as_object_mut() {
        mode.remove("default");
    }
    list(description, &table("A folder or a file, and where it goes", &["from"], &keys))
}
