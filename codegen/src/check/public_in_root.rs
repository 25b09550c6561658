//! `public-in-root`: the public folder does not lie in the folder of the apps, or that in it. What is linked would be
//! found as an app's next time, and every build would see a change and bake again.

use crate::diagnostics::Diagnostic;
use crate::model::Model;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let (root, public) = (&model.host.root, &model.host.public);
    let inside = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if inside(&public.value, &root.value) || inside(&root.value, &public.value) {
        let message =
            format!("public folder `{}` and the folder of the apps `{}` lie in one another", public.value, root.value);
        let help = "put the public folder beside the folder of the apps";
        // One of the two may be the default, which is written nowhere.
        let place = if public.place == model.host.file.start() { root.place } else { public.place };
        diagnostics.push(Diagnostic::error("public-in-root", place, message).help(help));
    }
}
