//! A large store of apps, always the same, in which every shape of pattern meets every other.

use bakehouse_runtime::{Method, Methods};

use super::{Set, name_params};
use crate::find::Rules;

/// The templates of an app; `@` stands for its slug and `#` for its number.
const TEMPLATES: &[&str] = &[
    "/@",
    "/@/",
    "/static/@/icon.svg",
    "/static/@/{}.svg",
    "/api/@/callback",
    "/api/@/{*}",
    "/api/@/{}/events",
    "/api/@/v{}/items",
    "/api/@/v{}.{}/items/{}",
    "/api/@/v1/items/{}",
    "/api/v2/@/{}:cancel",
    "/api/v2/@/{}:verb-#",
    "/api/{}/@/settings",
    "/webhooks/@-{}",
    "/webhooks/{}-@",
    "/webhooks/@",
    "/files/@/{}...{}",
    "/files/@/{}.json",
    "/u/{}/@/{*}",
    "/deep/@/a/b/c/d/e/f/g/h/{}/i/j/{}/k/l/m",
];

/// Templates of which some apps alone have one, since they begin with a param.
const SELDOM: &[&str] = &["/{}/apps/@", "/{}/apps/@/{}", "/{}-#/@", "/{}/@/{*}"];

/// The slugs of `n_apps` apps with some twenty routes each.
pub fn store(rules: Rules, n_apps: usize) -> Vec<(String, Set)> {
    let app = |app: usize| {
        let slug = format!("app-{app}");
        let seldom = SELDOM.get(app % 20);
        let texts = TEMPLATES.iter().chain(seldom).map(|template| {
            let template = template.replace('@', &slug).replace('#', &app.to_string());
            name_params(&template, "p")
        });
        let methods = (0..).map(|route| methods(app + route));
        let set = Set::new(rules, texts.zip(methods));
        (slug, set)
    };
    (0..n_apps).map(app).collect()
}

fn methods(n: usize) -> Methods {
    match n % 7 {
        0 => Method::GET.into(),
        1 => Method::POST.into(),
        2 => [Method::GET, Method::HEAD, Method::PATCH].into_iter().collect(),
        3 => Method::HEAD.into(),
        _ => Methods::ALL,
    }
}
