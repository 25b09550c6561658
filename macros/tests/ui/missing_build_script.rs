mod store {
    bakehouse_macros::apps!();
}

mod table {
    bakehouse_macros::apps!(table);
}

fn main() {
    println!("{} {} {}", store::TABLE.n_apps(), store::BASE, store::ROOT);
    println!("{:?}", store::REGISTRY.table().host_name());
    println!("{} {} {}", table::TABLE.n_apps(), table::BASE, table::ROOT);
}
