//! The keys of `apps.manifest.toml`.

use serde_json::{Value, json};

use super::{asset_set, boolean, document, list, mode, one_of, string, string_or, strings, table};

pub(super) fn schema() -> Value {
    let keys = json!({
        "host": table("Who the host is and where its apps are", &[], &host()),
        "routes": table("What holds for every pattern", &[], &routes()),
        "assets": table("Where links appear and how they are made", &[], &assets()),
        "select": {
            "type": "object",
            "description": "Named choices of what a build bakes, taken with BAKEHOUSE_SELECT; without one, everything",
            "additionalProperties": strings("Slugs and aliases of apps; `@core` for the core apps. What they require comes along"),
        },
        "check": table("What the host makes of warnings and notes, by their codes", &[], &check()),
    });
    document("Manifest of a Bakehouse host", &[], &keys)
}

fn host() -> Value {
    let mut apps = strings("Which folders below `root` hold an app, as globs over their whole paths");
    apps["default"] = json!(["*"]);
    json!({
        "name": string_or("host", "The host's name"),
        "root": string_or("apps", "The folder of the apps, relative to this file"),
        "apps": apps,
        "exclude": strings("Which of them to leave out, as globs over their whole paths"),
        "core": strings("Apps to load at start, by slug or alias"),
        "dialect": one_of(&["native", "calcom"], "How the apps' manifests are written: app.toml, or config.json as cal.com's app store has it"),
        "manifest-names": strings("The file names to look for in an app's folder; the first that exists wins"),
        "profile": string("What hosts recorded of their use with `serve --profile`, relative to this file"),
    })
}

fn check() -> Value {
    json!({
        "deny": strings("Codes of what is an error here"),
        "allow": strings("Codes of warnings and notes that are not told here"),
    })
}

fn routes() -> Value {
    let pattern = json!({ "type": "string", "pattern": "^/" });
    json!({
        "prefix": string_or("", "Put before every pattern"),
        "each": list("Patterns that every app gets, such as `/apps/$slug`", &pattern),
        "trailing-slash": one_of(&["strict", "ignore", "redirect"], "What a slash at the end of a path means: another path; nothing; or an answer that sends to the pattern's form"),
        "case": one_of(&["sensitive", "insensitive"], "Whether the case of ASCII letters in a path counts"),
    })
}

fn assets() -> Value {
    json!({
        "public": string_or("public", "The public folder, relative to this file"),
        "mount": string_or("app-assets/$slug", "An app's default place in the public folder"),
        "mode": mode("How links are made"),
        "fold": boolean(true, "Whether a whole folder may become one link"),
        "each": asset_set("Asset sets that every app which has the folder gets", "Its place in the public folder, such as `locales/$slug`"),
    })
}
