//! What an app's crate may refer to, and what a host makes of it.

use bakehouse_macros::{asset, route};
use bakehouse_sdk::Context;
use bakehouse_sdk::href::{AppAsset, AppRoute, HrefError};

const HOME: AppRoute = route!("/$name");
const ICON: AppAsset = asset!("icon.svg");

/// A literal that a macro hands on is one.
macro_rules! icon {
    ($name:literal) => {
        asset!($name)
    };
}

fn pair<A, B>(a: A, _: B) -> A {
    a
}

fn main() -> Result<(), HrefError> {
    let ctx = Context::for_tests("zoom");
    let routes = [
        (ctx.href(HOME)?, "/zoom"),
        (ctx.href(&HOME)?, "/zoom"),
        (ctx.href(route!("/zoomvideo"))?, "/zoomvideo"),
        (ctx.href(route!(r"/api/integrations/$name/{*rest}", rest = "a b/c"))?, "/api/integrations/zoom/a%20b/c"),
        (ctx.href(route!("/api/integrations/zoomvideo/{*rest}", rest = 'x',))?, "/api/integrations/zoomvideo/x"),
        (
            ctx.href(route!(
                "/bookings/{booking-id}/seats/{seat}",
                seat = if 1 == 1 { "a/b" } else { "" },
                booking_id = pair::<i32, i32>(7, 8)
            ))?,
            "/bookings/7/seats/a%2Fb",
        ),
        (
            ctx.href(route!("/bookings/{booking-id}/seats/{seat}", "booking-id" = 1, "seat" = String::from("2")))?,
            "/bookings/1/seats/2",
        ),
    ];
    for (href, expected) in routes {
        assert_eq!(href.as_str(), expected);
    }
    // The hash of `<svg/>` and a line feed.
    const VERSION: &str = "08cfb5ba6c1f1358";
    for (asset, expected) in [
        (ICON, "icon.svg"),
        (asset!("static/icon.svg"), "icon.svg"),
        (icon!("rooms/large.svg"), "rooms/large.svg"),
        (asset!("dark/logo.svg"), "logo.svg"),
    ] {
        assert_eq!(ctx.asset(asset)?.as_str(), format!("/app-assets/zoom/{expected}?v={VERSION}"));
    }
    assert!(ctx.href(route!("/api/integrations/$name/{*rest}", rest = "")).unwrap_err().is_value());
    Ok(())
}
