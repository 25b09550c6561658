//! The keys of `app.toml`.

use bakehouse_runtime::Method;
use serde_json::{Value, json};

use super::{asset_set, boolean, document, list, string, strings, table};

pub(super) fn schema() -> Value {
    let slug = json!({
        "type": "string",
        "description": "The app's name in paths: runs of `a-z` and `0-9`, joined by single `-`, `_` or `.`",
        "pattern": "^[a-z0-9]+([-_.][a-z0-9]+)*$",
        "maxLength": 128,
    });
    let alias = json!({ "type": "string", "pattern": "^[A-Za-z0-9._~-]+$", "maxLength": 128 });
    let keys = json!({
        "slug": slug,
        "name": string("The app's name for people"),
        "aliases": list("Other names of the app in paths; `$name` in a pattern stands for each", &alias),
        "description": string("A line about it"),
        "publisher": string("Who publishes it"),
        "categories": strings("What it is for"),
        "requires": strings("Apps that are loaded before it, by slug or alias; may not go in circles"),
        "uses": strings("Apps that it asks for when it needs them, by slug or alias; may go in circles"),
        "entry": string("The path of its constructor, such as `zoom::app`; left out for an app without code"),
        "enabled": boolean(true, "Whether it is on unless BAKEHOUSE_APP_<SLUG> says otherwise"),
        "route": list("Patterns that the app serves", &table("A pattern that the app serves", &["path"], &route())),
        "assets": asset_set("Folders and files of the app, and where they go", "Its place in the public folder; if not said, as the host's `assets.mount` says"),
        "metadata": { "type": "object", "description": "Anything; handed on as it is" },
    });
    document("Manifest of a Bakehouse app", &["slug"], &keys)
}

fn route() -> Value {
    let methods = json!({ "type": "string", "enum": Method::names() });
    json!({
        "path": {
            "type": "string",
            "description": "The pattern: segments that are text, `{param}`, or text around params; `{*rest}` at the end takes all that follows",
            "pattern": "^/",
        },
        "methods": list("The methods that it serves; without the key, all", &methods),
        "preload": strings("Apps that are loaded along with this one when the route is entered"),
        "overrides": strings("Apps from whose patterns this one takes paths, knowingly"),
        "yields": boolean(false, "Whether any app may take paths from it, as from a pattern of last resort"),
    })
}
