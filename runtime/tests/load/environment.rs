//! What an operator sets.

use std::path::PathBuf;

use bakehouse_runtime::AppId;
use bakehouse_runtime::environment::{Environment, EnvironmentError};
use bakehouse_runtime::table::AppRecord;
use bakehouse_runtime::table::LinkMode;

use crate::image::{App, code, table};

fn read(vars: &[(&str, &str)]) -> Result<Environment, EnvironmentError> {
    let table = table(&[code("google-calendar"), code("zoom")]);
    Environment::from_vars(table, vars.iter().map(|(name, value)| (name.into(), value.into())))
}

#[test]
fn nothing_is_set_by_nothing() {
    let cases: [&[(&str, &str)]; 3] =
        [&[], &[("PATH", "/bin"), ("BAKEHOUSE_SELECT", "dev")], &[("BAKEHOUSE_LOAD", ""), ("BAKEHOUSE_APP_ZOOM", "")]];
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
