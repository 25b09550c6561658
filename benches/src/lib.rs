//! Measures Bakehouse against its budgets and its peers, side by side in one run.
//!
//! `cargo bench -p bakehouse-benches` prints the table; with `-- routes links` it measures these groups alone, and with
//! `-- --builds` (or `BENCH_BUILDS=1`) the clean builds too, which take minutes.
//!
//! With `-- routes --write docs/benchmarks.md` it writes the whole matrix of lookups, with instructions where valgrind is
//! installed; `--only GitHub` chooses sets of routes by a part of their names, and `--rounds 3` makes a run short.
//!
//! With `-- links --write docs/benchmarks-links.md` it writes the whole matrix of links, with system calls and slow calls
//! where strace is installed; `--only 431` chooses sites by a part of their names. The other linkers and copiers are in
//! Debian's packages `rsync`, `stow`, `xutils-dev` (`lndir`) and `nodejs`; what is not installed is said to be missing in
//! the tables. `TMPDIR` says on which disk the sites are made. A file system that was made for it keeps clear of what
//! others delete: all sites take ten gigabytes and five million inodes (`mkfs.ext4 -i 2048 -E lazy_itable_init=0` in a
//! file of twenty gigabytes, most of which stay a hole, and `mount -o loop`).
//!
//! With `-- host --write docs/benchmarks-hosts.md` it writes the figures of whole hosts, those with slow calls too where strace is
//! installed. The store's memory is that of its release build (`cargo build --release`), the Node host is left out where there is no
//! `node`. `--only requests` is one part of it. `--quick` is for a look: fewer rounds and requests.
//!
//! # How to read it
//!
//! A line is a figure, its budget, what Bakehouse takes, what the peer takes, the ratio (how many times ours the peer
//! takes: more is better) and whether the budget is met. `missed 1.50x` says that ours would have to take 1.5 times
//! less, or for a difference that it is 1.5 times as large as it may be. Nothing fails when a budget is missed.
//!
//! Times are medians. Those who are compared take turns, so that what else the machine does falls on all of them, and
//! it is CPU time that is counted, of the measuring thread or of the child processes, except on two threads and where calls
//! are slow, where it is wall time. Lookups are of shuffled paths, with every answer compared before anything is timed.
//!
//! | group | line | what is measured |
//! |---|---|---|
//! | `links` | cold | the whole plan into an empty folder, against a loop of bare `symlinkat` calls that makes the same, and `cp -r` |
//! | | unchanged | the same again, against one `readlinkat` an entry |
//! | | one more file | the same again, when an app got one more file since |
//! | | slow calls | wall time where each call that links, renames or copies takes 3 ms, against `cp -r` |
//! | `bake` | bake, check | all of `bakehouse_codegen::compile`, from the folders to a validated table; a check looks at assets too |
//! | `rustc` | rustc | a program with a table of 32,000 routes in it, against the same with 100: rustc and the linker |
//! | | relocations | entries of `.rela.dyn` in the two programs |
//! | | runtime: dependencies | direct ones from a registry |
//! | | runtime: clean build | a debug build of the crate and all that it needs, with its feature `link` and without |
//! | | runtime: in a binary | a stripped release program that finds, links and loads, less its table, against an empty one |
//! | `builds` | clean build | debug builds into an empty folder; only with `--builds` |
//! | `routes` | static | literal routes; the budget is against the `phf::Map` that `phf_codegen` would write for them |
//! | | cal.com-like | three routes an app, as in cal.com's store |
//! | | GitHub, GitLab, OpenAPI | real routes; what a peer cannot hold or answers otherwise is left out for both |
//! | | best peer | of five routers, and three maps where all routes are literal, the one that comes nearest |
//! | | params read | most peers cut the params while they match, Bakehouse when they are read: here they are |
//! | | misses | paths that are like those which hit, but for one segment |
//! | | cold | hits, with a cache that other work has emptied |
//! | `registry` | lent, guard, by name | find the loaded app, call it, let go, against `OnceLock`, `arc-swap`, and maps of `Arc<dyn _>` |
//! | `start` | start | `Registry::start` of a host of 10,000 apps without code, against one of 10 |
//! | `host` | start | `serve` with 10,000 apps without code against 10, until it listens and until it is ready; a whole process too |
//! | | request | to a loaded app through the host's dispatch, against an axum router with the same handler |
//! | | cal.com's apps | from the start of a process to its first answer and its first file |
//! | `memory` | idle | the most memory that a store ever had until it was ready (`VmHWM`) |

mod bake;
mod builds;
mod figure;
mod host;
mod links;
mod measure;
mod memory;
mod page;
mod registry;
mod routes;
mod rustc;
mod served;
mod start;

pub use figure::{Amount, Budget, Figure, write_figure, write_header};
pub use links::{RUN_FLAG, run_contender, write_markdown as write_links};
pub use routes::{COUNT_FLAG, count_lookups, write_markdown as write_routes};
pub use served::{HOST_FLAG, run_host, write_markdown as write_hosts};

/// What a group gives, or why it could not be measured.
pub type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// How often each contender takes its turn.
    pub rounds: usize,
    /// How many lookups or calls a turn has.
    pub samples: usize,
    /// What sizes that are asked for are divided by.
    pub shrink: usize,
    /// Whether the corpora, release builds and the store's binary are used; else what is made up here.
    pub outside: bool,
    /// Whether all is measured that a written page has: instructions of lookups, system calls of links, the large sites.
    /// It takes minutes.
    pub thorough: bool,
    /// A part of the names of the sets of routes that are looked up in, of the sites that are linked, or of what is measured of
    /// hosts; none for all.
    pub only: Option<&'static str>,
}

impl Scale {
    /// For figures.
    pub const FULL: Self = Self { rounds: 15, samples: 1 << 16, shrink: 1, outside: true, thorough: false, only: None };
    /// For a look.
    pub const QUICK: Self = Self { rounds: 3, samples: 1 << 13, ..Self::FULL };
    /// As little as shows that everything works; its times mean nothing.
    pub const TINY: Self = Self { rounds: 1, samples: 200, shrink: 50, outside: false, thorough: false, only: None };

    fn size(self, full: usize) -> usize {
        full.div_ceil(self.shrink)
    }
}

/// What was measured, and what was not.
#[derive(Debug, Default)]
pub struct Report {
    /// What was measured.
    pub figures: Vec<Figure>,
    /// What was left out, and how to have it.
    pub notes: Vec<String>,
    /// All that was measured of lookups, from which some figures are taken.
    routes: Vec<routes::Outcome>,
    /// All that was measured of links.
    links: Vec<links::Outcome>,
    /// All that was measured of hosts on cal.com's tree.
    hosts: Vec<served::Outcome>,
}

impl Report {
    fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}

/// Measures something and adds it to a report.
pub type Group = fn(Scale, &mut Report) -> Result<()>;

/// The groups by name, in the order of the table. Links go first: see `links/site.rs` about what a deleted file
/// costs them.
pub const GROUPS: [(&str, Group); 9] = [
    ("links", links::measure),
    ("bake", bake::measure),
    ("rustc", rustc::measure),
    ("builds", builds::measure),
    ("routes", routes::measure),
    ("registry", registry::measure),
    ("start", start::measure),
    ("host", served::measure),
    ("memory", memory::measure),
];
