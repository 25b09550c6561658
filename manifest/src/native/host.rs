//! The keys of `apps.manifest.toml`.

use super::app::{MODES, asset_set};
use super::table::Table;
use crate::{
    AssetsSection, Case, CheckSection, Dialect, HostManifest, HostSection, RoutesSection, Selection, TrailingSlash,
};

const DIALECTS: &[(&str, Dialect)] = &[("native", Dialect::Native), ("calcom", Dialect::Calcom)];

const TRAILING_SLASHES: &[(&str, TrailingSlash)] =
    &[("strict", TrailingSlash::Strict), ("ignore", TrailingSlash::Ignore), ("redirect", TrailingSlash::Redirect)];

const CASES: &[(&str, Case)] = &[("sensitive", Case::Sensitive), ("insensitive", Case::Insensitive)];

/// Reads the whole file.
pub(super) fn read(mut top: Table<'_, '_>) -> HostManifest {
    let manifest = HostManifest {
        host: top.table("host", "`[host]`").map(host).unwrap_or_default(),
        routes: top.table("routes", "`[routes]`").map(routes).unwrap_or_default(),
        assets: top.table("assets", "`[assets]`").map(assets).unwrap_or_default(),
        select: top.table("select", "`[select]`").map(select).unwrap_or_default(),
        check: top.table("check", "`[check]`").map(check).unwrap_or_default(),
    };
    top.finish();
    manifest
}

fn host(mut table: Table<'_, '_>) -> HostSection {
    let (name, root) = (table.string("name"), table.string("root"));
    let n_problems = table.n_problems();
    let (apps, exclude) = (table.strings("apps"), table.strings("exclude"));
    let section = HostSection {
        name,
        root,
        apps,
        exclude,
        folders_unread: table.n_problems() > n_problems,
        core: table.strings("core").unwrap_or_default(),
        dialect: table.one_of("dialect", DIALECTS),
        manifest_names: table.strings("manifest-names"),
        profile: table.string("profile"),
    };
    table.finish();
    section
}

fn routes(mut table: Table<'_, '_>) -> RoutesSection {
    let section = RoutesSection {
        prefix: table.string("prefix"),
        each: table.strings("each").unwrap_or_default(),
        trailing_slash: table.one_of("trailing-slash", TRAILING_SLASHES).map(|it| it.value).unwrap_or_default(),
        case: table.one_of("case", CASES).map(|it| it.value).unwrap_or_default(),
    };
    table.finish();
    section
}

fn assets(mut table: Table<'_, '_>) -> AssetsSection {
    let section = AssetsSection {
        public: table.string("public"),
        mount: table.string("mount"),
        mode: table.one_of("mode", MODES),
        fold: table.boolean("fold"),
        each: table.tables("each", "`each` of `[assets]`", asset_set),
    };
    table.finish();
    section
}

fn select(table: Table<'_, '_>) -> Vec<Selection> {
    table.named_lists().into_iter().map(|(name, apps)| Selection { name, apps }).collect()
}

fn check(mut table: Table<'_, '_>) -> CheckSection {
    let section = CheckSection {
        deny: table.strings("deny").unwrap_or_default(),
        allow: table.strings("allow").unwrap_or_default(),
    };
    table.finish();
    section
}
