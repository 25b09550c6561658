//! The host through its real server: what goes in and comes out over HTTP.

mod common;
mod dispatch;
mod end;
mod files;
mod lazy;
mod life;
mod limits;
mod metrics;
mod off;
mod start;
mod store;
mod swap;
mod versions;
mod warm_up;
