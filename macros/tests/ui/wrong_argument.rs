mod misspelt {
    bakehouse_macros::apps!(tabel);
}

mod text {
    bakehouse_macros::apps!("apps.manifest.toml");
}

mod second {
    bakehouse_macros::apps!(table, registry);
}

mod group {
    bakehouse_macros::apps!((table));
}

fn main() {
    println!("{} {}", misspelt::TABLE.n_apps(), text::ROOT);
    println!("{} {}", second::BASE, group::REGISTRY.table().n_apps());
}
