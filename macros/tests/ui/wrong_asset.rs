//! Of an app with `icon.svg`, `rooms/large.svg` and `logo.svg` in one set, and another `logo.svg` in a second.

use bakehouse_macros::asset;
use bakehouse_sdk::href::AppAsset;

const ICON: AppAsset = asset!("icno.svg");

fn main() {
    let assets = [
        ICON,
        asset!("nothing-like-it"),
        asset!("large.svg"),
        asset!("logo.svg"),
        asset!("../secret.txt"),
        asset!("icon.svg", size = 64),
        asset!(icon),
    ];
    println!("{assets:?}");
}
