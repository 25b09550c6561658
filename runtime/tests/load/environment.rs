//! What an operator sets.

use std::ffi::OsString;
use std::path::PathBuf;

use bakehouse_runtime::AppId;
use bakehouse_runtime::environment::{Environment, EnvironmentError, flag_variable};
use bakehouse_runtime::table::AppRecord;
use bakehouse_runtime::table::LinkMode;

use crate::image::{App, code, table};

fn read(vars: &[(&str, &str)]) -> Result<Environment, EnvironmentError> {
    let table = table(&[code("google-calendar"), code("zoom")]);
    Environment::from_vars(table, vars.iter().map(|(name, value)| (name.into(), value.into())))
}

#[test]
fn nothing_is_set_by_nothing() {
    let cases: [&[(&str, &str)]; 4] = [
        &[],
        &[("PATH", "/bin"), ("BAKEHOUSE_SELECT", "dev"), ("BAKEHOUSE_LOG", "info")],
        &[("BAKEHOUSE_LOAD", ""), ("BAKEHOUSE_APP_ZOOM", ""), ("BAKEHOUSE_LAOD", "")],
        // Somebody else's, of which none is nearly one of ours.
        &[("BAKEHOUSE_PORT", "80"), ("BAKEHOUSE_TEAMS", "off"), ("BAKEHOUSE", "x"), ("BAKEHOUSE_", "x"), ("LINK", "x")],
    ];
    for vars in cases {
        assert_eq!(read(vars), Ok(Environment::default()), "{vars:?}");
    }
}

#[test]
fn switches_are_read() {
    let environment = read(&[
        ("BAKEHOUSE_LOAD", "eager"),
        ("BAKEHOUSE_LINK", "copy"),
        ("BAKEHOUSE_ROOT", "there/apps"),
        ("BAKEHOUSE_APP_ZOOM", "off"),
        ("BAKEHOUSE_APP_GOOGLE_CALENDAR", "on"),
    ]);
    let environment = environment.unwrap();
    assert!(environment.eager && environment.start_options().eager);
    assert_eq!((environment.link, environment.link_off), (Some(LinkMode::Copy), false));
    assert_eq!(environment.root, Some(PathBuf::from("there/apps")));
    assert_eq!(environment.start_options().flags, [(AppId(0), true), (AppId(1), false)]);
    assert!(!read(&[("BAKEHOUSE_LOAD", "lazy")]).unwrap().eager);
    let off = read(&[("BAKEHOUSE_LINK", "off")]).unwrap();
    assert_eq!((off.link, off.link_off), (None, true));
}

#[test]
fn a_flag_goes_before_the_manifest() {
    let table =
        table(&[code("a"), code("b"), App { is_disabled: true, ..code("c") }, App { is_disabled: true, ..code("d") }]);
    let vars = [("BAKEHOUSE_APP_B", "off"), ("BAKEHOUSE_APP_C", "on")];
    let environment = Environment::from_vars(table, vars.map(|(name, value)| (name.into(), value.into()))).unwrap();
    let on: Vec<_> = table.apps().filter(|app| environment.is_on(*app)).map(AppRecord::slug).collect();
    assert_eq!(on, ["a", "c"]);
}

#[test]
fn everything_wrong_is_told_at_once() {
    let error = read(&[
        ("BAKEHOUSE_LOAD", "Eager"),
        ("BAKEHOUSE_LINK", "soft"),
        ("BAKEHOUSE_APP_ZOOM", "yes"),
        ("BAKEHOUSE_APP_GOOGLE_CALENDER", "off"),
    ]);
    let error = error.unwrap_err();
    let expected = [
        "`BAKEHOUSE_APP_GOOGLE_CALENDER` names no app of this host; the nearest is `BAKEHOUSE_APP_GOOGLE_CALENDAR`",
        "`BAKEHOUSE_APP_ZOOM` must be one of `on`, `off`, but was `yes`",
        "`BAKEHOUSE_LINK` must be one of `auto`, `symlink`, `hardlink`, `copy`, `off`, but was `soft`",
        "`BAKEHOUSE_LOAD` must be one of `lazy`, `eager`, but was `Eager`",
    ];
    assert_eq!(error.problems().collect::<Vec<_>>(), expected);
    assert_eq!(error.to_string(), expected.join("; "));
}

/// A roll-back that is misspelt and does nothing would be noticed when it is too late.
#[test]
fn a_name_that_is_nearly_right_is_a_mistake() {
    let cases = [
        ("BAKEHOUSE_LAOD", "BAKEHOUSE_LOAD"),
        ("BAKEHOUSE_LINKS", "BAKEHOUSE_LINK"),
        ("BAKEHOUSE_ROT", "BAKEHOUSE_ROOT"),
        ("BAKEHOUSE_SELEKT", "BAKEHOUSE_SELECT"),
        ("BAKEHOUSE_LOGS", "BAKEHOUSE_LOG"),
        ("bakehouse_load", "BAKEHOUSE_LOAD"),
        ("BAKEHOUSE_ZOOM", "BAKEHOUSE_APP_ZOOM"),
        ("BAKEHOUSE_APPS_ZOOM", "BAKEHOUSE_APP_ZOOM"),
        ("bakehouse_app_google_calendar", "BAKEHOUSE_APP_GOOGLE_CALENDAR"),
    ];
    for (name, nearest) in cases {
        let error = read(&[(name, "off")]).unwrap_err();
        assert_eq!(error.to_string(), format!("`{name}` is not known; the nearest is `{nearest}`"));
    }
}

#[test]
fn slugs_that_share_a_variable_are_switched_together() {
    let table = table(&[code("a-b"), code("a.b"), code("a_b"), code("ab")]);
    assert!(["a-b", "a.b", "a_b"].iter().all(|slug| flag_variable(slug) == "BAKEHOUSE_APP_A_B"));
    let vars = [(OsString::from("BAKEHOUSE_APP_A_B"), OsString::from("off"))];
    let environment = Environment::from_vars(table, vars).unwrap();
    assert_eq!(environment.flags, [(AppId(0), false), (AppId(1), false), (AppId(2), false)]);
}

#[test]
#[cfg(unix)]
fn bytes_that_are_not_utf8_are_values_of_folders_alone() {
    use std::os::unix::ffi::OsStringExt;
    let bytes = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
    let read =
        |name: &[u8], value: &[u8]| Environment::from_vars(table(&[code("zoom")]), [(bytes(name), bytes(value))]);
    let root = read(b"BAKEHOUSE_ROOT", b"caf\xe9").unwrap().root;
    assert_eq!(root, Some(PathBuf::from(bytes(b"caf\xe9"))));
    let cases: [(&[u8], &str); 3] = [
        (b"BAKEHOUSE_LOAD", "`BAKEHOUSE_LOAD` must be one of `lazy`, `eager`, but was `caf\u{fffd}`"),
        (b"BAKEHOUSE_APP_ZOOM", "`BAKEHOUSE_APP_ZOOM` must be one of `on`, `off`, but was `caf\u{fffd}`"),
        (
            b"BAKEHOUSE_APP_ZO\xd6M",
            "`BAKEHOUSE_APP_ZO\u{fffd}M` names no app of this host; the nearest is `BAKEHOUSE_APP_ZOOM`",
        ),
    ];
    for (name, problem) in cases {
        assert_eq!(read(name, b"caf\xe9").unwrap_err().to_string(), problem);
    }
    assert_eq!(read(b"ZOOM_\xff", b"\xff"), Ok(Environment::default()));
}
