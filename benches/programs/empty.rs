//! What a program weighs that does nothing.

fn main() {
    println!("{}", std::env::args().count());
}
