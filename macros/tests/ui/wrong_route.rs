//! Of an app with the patterns `/$name`, `/api/integrations/$name/{*rest}` and `/bookings/{booking-id}/seats/{seat}`.

use bakehouse_macros::route;
use bakehouse_sdk::Context;

fn main() {
    let ctx = Context::for_tests("zoom");
    ctx.href(route!("/api/integration/$name/{*rest}", rest = "add")).unwrap();
    ctx.href(route!("/nothing/like/it")).unwrap();
    ctx.href(route!("/api/integrations/zoom/{*rest}")).unwrap();
    ctx.href(route!("/bookings/{booking-id}/seats/{seat}")).unwrap();
    ctx.href(route!("/bookings/{booking-id}/seats/{seat}", booking_id = 1, seats = 2)).unwrap();
    ctx.href(route!("/bookings/{booking-id}/seats/{seat}", booking_id = 1, seat = 2, "booking-id" = 3)).unwrap();
    ctx.href(route!("/zoom", id = 7)).unwrap();
    ctx.href(route!("/zoom", 7)).unwrap();
    ctx.href(route!("/zoom" id = 7)).unwrap();
    ctx.href(route!("/api/integrations/zoom/{*rest}", rest =)).unwrap();
    ctx.href(route!()).unwrap();
    ctx.href(route!(zoom)).unwrap();
    ctx.href(route!(7)).unwrap();
    ctx.href(route!("/zoom\u{2f}add")).unwrap();
}
