//! `unknown-method`, `no-method`: a route serves methods of the IANA registry, at least one.

use bakehouse_manifest::{Fix, nearest};
use bakehouse_runtime::Method;

use crate::diagnostics::Diagnostic;
use crate::model::Model;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for route in model.apps.iter().flat_map(|app| &app.routes) {
        for method in &route.unknown_methods {
            let message = format!("`{}` is not a method of the HTTP method registry", method.value);
            let help = nearest(&method.value, Method::names().iter().copied()).map_or_else(
                || {
                    "the usual ones are `GET`, `POST`, `PUT`, `PATCH` and `DELETE`; leave `methods` out to serve all"
                        .to_owned()
                },
                |near| format!("did you mean `{near}`?"),
            );
            let fix = Fix::of(&method.value, Method::names().iter().copied());
            diagnostics.push(Diagnostic::error("unknown-method", method.place, message).help(help).fix(fix));
        }
        if route.methods.is_empty() && route.unknown_methods.is_empty() {
            let message = format!("route `{}` serves no method", route.text);
            let help = "name a method, or leave `methods` out to serve all";
            diagnostics.push(Diagnostic::error("no-method", route.place, message).help(help));
        }
    }
}
