//! The host answers as those of other kinds.

use host_requests::{Server, check};

#[test]
fn it_answers() {
    let host = Server::start(env!("CARGO_BIN_EXE_axum-host"));
    check(|method, target| host.ask(method, target));
}
