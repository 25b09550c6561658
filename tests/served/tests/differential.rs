//! cal.com's whole tree, served by two hosts: one that copies every asset and loads every app at start, and one as the
//! manifest has it. Whatever is asked for, both answer the same, byte for byte.

use std::path::{Path, PathBuf};
use std::process::Command;

use bakehouse_codegen::{Options, compile};
use bakehouse_host::Config;
use bakehouse_runtime::Table;
use bakehouse_runtime::environment::Environment;
use bakehouse_runtime::table::PlannedLink;
use bakehouse_sdk::Registry;
use bakehouse_served::{Answer, Client, Served, sample};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use tempfile::TempDir;

/// What stays as it is in a path.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How routes are asked.
const ROUTE: [(&str, &[(&str, &str)]); 4] =
    [("GET", &[("Accept", "text/html")]), ("GET", &[("Accept", "application/json")]), ("HEAD", &[]), ("POST", &[])];

/// How assets are asked for, besides whole.
const ASSET: [(&str, &[(&str, &str)]); 4] =
    [("HEAD", &[]), ("GET", &[("Range", "bytes=1-9")]), ("GET", &[("If-None-Match", "*")]), ("DELETE", &[])];

/// The tree; none, said aloud, where the corpus is not there.
fn tree() -> Option<TempDir> {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora/calcom/materialize");
    if !tool.exists() {
        assert!(std::env::var_os("CI").is_none(), "CI runs with the corpora, but there is no {}", tool.display());
        println!("skipped: there is no {}", tool.display());
        return None;
    }
    let dir = TempDir::new().expect("a folder");
    let output = Command::new(tool).arg(dir.path()).output().expect("the corpus' tool runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(dir)
}

/// A host of the tree, its public folder in a folder of that name.
async fn host(tree: &Path, table: Table<'static>, name: &str, vars: &[(&str, &str)]) -> Served {
    let public = tree.join(name).join("public");
    let mut config = Config::new(([127, 0, 0, 1], 0).into(), tree.join("apps"), public);
    let vars = vars.iter().map(|(name, value)| (name.into(), value.into()));
    config.environment = Environment::from_vars(table, vars).expect("values as they should be");
    Served::start(Box::leak(Box::new(Registry::new(table, &[], &[]))), config).await
}

/// What a client can tell answers apart by. An entity tag stands for one file on one disk, and a date for the moment.
fn told(mut answer: Answer) -> Answer {
    answer.headers.retain(|(name, _)| name != "date");
    for (_, value) in answer.headers.iter_mut().filter(|(name, _)| name == "etag") {
        value.clear();
    }
    answer
}

/// Two hosts, asked in turns.
struct Both {
    copied: Client,
    linked: Client,
    n_asked: usize,
}

impl Both {
    async fn ask(&mut self, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
        let copied = told(self.copied.ask(method, target, headers).await);
        let linked = told(self.linked.ask(method, target, headers).await);
        assert!(copied.body == linked.body, "{method} {target} {headers:?}: other bytes");
        assert_eq!((copied.status, &copied.headers), (linked.status, &linked.headers), "{method} {target} {headers:?}");
        self.n_asked += 1;
        linked
    }
}

/// The files that a link shows: each its path in the public folder, and where it comes from.
fn files(link: &PlannedLink<'_>) -> Vec<(Vec<u8>, PathBuf)> {
    let below = |folder: &[u8], file: &[u8]| [folder, b"/", file].concat();
    let path = |bytes: Vec<u8>| PathBuf::from(String::from_utf8(bytes).expect("a path of the corpus is UTF-8"));
    if link.files.is_empty() {
        return vec![(link.public.to_vec(), path(link.source.to_vec()))];
    }
    link.files.iter().map(|file| (below(link.public, file), path(below(link.source, file)))).collect()
}

/// How many entries of the plan are links in a host's public folder.
fn n_links(host: &Path, table: Table<'static>) -> usize {
    let public = host.join("public");
    let is_link = |link: &PlannedLink<'_>| public.join(std::str::from_utf8(link.public).expect("UTF-8")).is_symlink();
    table.links().filter(is_link).count()
}

#[tokio::test]
async fn copied_and_eager_or_linked_and_lazy_every_route_and_asset_answers_alike() {
    let Some(tree) = tree() else { return };
    let tree = tree.path();
    let compilation = compile(&tree.join("apps.manifest.toml"), &Options::default());
    let table = Table::parse(compilation.baked.expect("the corpus bakes").table.leak()).expect("a table");
    let eager = host(tree, table, "copied", &[("BAKEHOUSE_LINK", "copy"), ("BAKEHOUSE_LOAD", "eager")]).await;
    let default = host(tree, table, "linked", &[]).await;
    let (copied, linked) = (Client::connect(eager.addr).await, Client::connect(default.addr).await);
    let mut both = Both { copied, linked, n_asked: 0 };

    for route in table.routes() {
        let path = sample(route.pattern());
        for (method, headers) in ROUTE {
            let answer = both.ask(method, &path, headers).await;
            assert_eq!(answer.status, if method == "POST" { 501 } else { 200 }, "{method} {path}");
        }
    }
    let mut n_assets = 0;
    for (public, source) in table.links().flat_map(|link| files(&link)) {
        let target = format!("/{}", percent_encode(&public, PATH));
        let whole = both.ask("GET", &target, &[]).await;
        let source = std::fs::read(tree.join("apps").join(source)).expect("an asset");
        assert!(whole.status == 200 && whole.body == source, "{target}: {}", whole.status);
        for (method, headers) in ASSET {
            both.ask(method, &target, headers).await;
        }
        assert_eq!(both.ask("GET", &format!("{target}x"), &[]).await.status, 404);
        n_assets += 1;
    }
    assert_eq!((table.n_apps(), n_assets), (105, 410));
    assert_eq!([n_links(&tree.join("copied"), table), n_links(&tree.join("linked"), table)], [0, table.n_links()]);
    println!("{} requests answered alike", both.n_asked);

    drop(both);
    eager.end().await;
    default.end().await;
}
