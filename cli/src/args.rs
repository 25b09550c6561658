//! The command line as typed, then as meant.

mod help;
mod limits;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use bakehouse_runtime::Method;
use bakehouse_runtime::link::LinkMode;
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use self::help::{
    DIFFERENCES, ENVIRONMENT, LINES_OF_ROUTES, LISTS_OF_STATUS, METHODS_OF_DOCTOR, PARTS_OF_BENCH, PARTS_OF_GRAPH,
    RUNNING_APPS, SCHEMA_LINES, SHIPPING,
};
use self::limits::Limits;

/// What was meant.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) manifest: Option<PathBuf>,
    pub(crate) format: Format,
    pub(crate) command: Command,
}

impl Call {
    /// Reads the command line of this process.
    pub(crate) fn read() -> Result<Self, clap::Error> {
        let Typed { manifest, format, serve, command } = Typed::try_parse()?;
        let command = match command {
            None => Command::Serve(serve),
            Some(_) if serve != Serve::default() => {
                let message = "flags of `serve` stand before another command; put the command first";
                return Err(Typed::command().error(ErrorKind::ArgumentConflict, message));
            }
            Some(command) => command,
        };
        let has_sarif = matches!(command, Command::Check(Check { explain: None, .. }));
        if format == Format::Sarif && !has_sarif {
            let message = "`--format sarif` is for what `check` finds; other answers are `human` or `json`";
            return Err(Typed::command().error(ErrorKind::ArgumentConflict, message));
        }
        Ok(Self { manifest, format, command })
    }
}

/// Checks, bakes, links and serves the apps of a host; without a command: serves
#[derive(Debug, Parser)]
#[command(name = "bakehouse", version, after_help = ENVIRONMENT, disable_help_subcommand = true)]
struct Typed {
    /// Host manifest or table file [default: the table in this binary, else apps.manifest.toml]
    #[arg(short, long, value_name = "PATH", global = true, display_order = 90)]
    manifest: Option<PathBuf>,
    /// How the answer is printed; `sarif` is for `check` alone
    #[arg(long, value_enum, default_value_t, global = true, display_order = 91)]
    format: Format,
    #[command(flatten)]
    serve: Serve,
    #[command(subcommand)]
    command: Option<Command>,
}

/// How an answer is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Human,
    Json,
    Sarif,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Links, loads the core apps, serves
    Serve(Serve),
    /// Writes the table to a file
    Bake(Bake),
    /// Says everything that is wrong with the manifests
    Check(Check),
    /// Makes the assets of the apps appear in the public folder
    Link(Link),
    /// Compares the public folder with what `link` would make of it
    Status(Status),
    /// Takes away what `link` put into the public folder
    Clean(Clean),
    /// Writes the assets of the apps as real files into a folder, for shipping
    Materialize(Materialize),
    /// Tries which ways of linking work in the public folder, and says why not
    Doctor(Doctor),
    /// Lists routes, or says who serves a path
    Routes(Routes),
    /// Lists apps
    Apps(Apps),
    /// Shows which app requires and uses which
    Graph(Graph),
    /// Begins an app or a host: a scaffold that builds
    #[command(subcommand)]
    New(New),
    /// Prints the JSON Schema of a manifest, for editors
    Schema(Schema),
    /// Measures this host on this machine, part by part, against copying and eager loading
    Bench(Bench),
}

/// Where things are.
#[derive(Debug, Clone, Default, PartialEq, Eq, clap::Args)]
pub(crate) struct Folders {
    /// Folder of the apps [default: where they were baked]
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) public: Public,
}

/// Where links appear.
#[derive(Debug, Clone, Default, PartialEq, Eq, clap::Args)]
pub(crate) struct Public {
    /// Public folder [default: the manifest's, relative to it or to the table file]
    #[arg(long, value_name = "DIR")]
    pub(crate) public: Option<PathBuf>,
    /// Folder of the link ledger [default: .bakehouse beside the public folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
}

#[derive(Debug, Default, PartialEq, Eq, clap::Args)]
pub(crate) struct Serve {
    /// Address to listen on; port 0 takes any free one [default: 127.0.0.1:4310]
    #[arg(long, value_name = "ADDR", value_parser = address)]
    pub(crate) addr: Option<SocketAddr>,
    #[command(flatten)]
    pub(crate) folders: Folders,
    #[command(flatten)]
    pub(crate) limits: Limits,
    /// File to which the use of the apps is added, for `profile` in the host manifest
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = DIFFERENCES)]
pub(crate) struct Bake {
    /// File to write the table to
    #[arg(short, long, value_name = "FILE", required_unless_present = "diff")]
    pub(crate) output: Option<PathBuf>,
    /// Says what changed since this table file was baked
    #[arg(long, value_name = "OLD")]
    pub(crate) diff: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Explains a code of a problem instead
    #[arg(long, value_name = "CODE")]
    pub(crate) explain: Option<String>,
    /// Says what is only worth a note too
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// Writes names right where it is certain which one is meant, and says what is left
    #[arg(long, conflicts_with = "explain")]
    pub(crate) fix: bool,
    /// Looks for equal assets too, which reads them
    #[arg(long)]
    pub(crate) deep: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Link {
    #[command(flatten)]
    pub(crate) folders: Folders,
    /// How assets are linked, whatever the manifests say
    #[arg(long, value_name = "MODE")]
    pub(crate) mode: Option<Mode>,
    /// Fails where an asset can't be linked in the first way of its mode
    #[arg(long)]
    pub(crate) require: bool,
    /// Links only what the route of this path needs
    #[arg(long, value_name = "PATH")]
    pub(crate) route: Option<OsString>,
    /// Says what would be done, and writes nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Says for each entry what it became, and why
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = LISTS_OF_STATUS)]
pub(crate) struct Status {
    #[command(flatten)]
    pub(crate) folders: Folders,
    /// How assets are to be linked, whatever the manifests say
    #[arg(long, value_name = "MODE")]
    pub(crate) mode: Option<Mode>,
    /// Lists what is as planned too
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

/// How an asset comes into the public folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    Auto,
    Symlink,
    Hardlink,
    Copy,
}

impl From<Mode> for LinkMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Auto => Self::Auto,
            Mode::Symlink => Self::Symlink,
            Mode::Hardlink => Self::Hardlink,
            Mode::Copy => Self::Copy,
        }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Clean {
    /// Apps whose links go [default: all]
    #[arg(value_name = "SLUG")]
    pub(crate) apps: Vec<String>,
    #[command(flatten)]
    pub(crate) public: Public,
}

#[derive(Debug, clap::Args)]
#[command(after_help = SHIPPING)]
pub(crate) struct Materialize {
    /// Folder to write: a new or an empty one, or one that was materialized before, which is replaced as a whole
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Folder of the apps [default: where they were baked]
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    /// Writes equal files once, as hard links of one another
    #[arg(long)]
    pub(crate) dedupe: bool,
    /// Says for each entry what it became, and why
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = METHODS_OF_DOCTOR)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) folders: Folders,
}

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("wanted").args(["paths", "stdin"]), after_help = LINES_OF_ROUTES)]
pub(crate) struct Routes {
    /// Paths to look up; without one, every route is listed
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<OsString>,
    /// Looks up the paths on stdin, one a line
    #[arg(long)]
    pub(crate) stdin: bool,
    /// Method to look up [default: GET], or to list routes of
    #[arg(long, value_name = "METHOD", value_parser = method)]
    pub(crate) method: Option<Method>,
    /// Says which patterns match a path, in order of precedence, what became of each, and on what others fail
    #[arg(long, requires = "wanted")]
    pub(crate) explain: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = RUNNING_APPS)]
pub(crate) struct Apps {
    /// The app to show, by slug or alias; without one, all are listed
    #[arg(value_name = "SLUG")]
    pub(crate) app: Option<String>,
    /// Asks the host that runs at this address how its apps fare
    #[arg(long, value_name = "ADDR", value_parser = host)]
    pub(crate) host: Option<String>,
    /// Says how the apps of a host fare by what its `/metrics` answered; `-` for stdin
    #[arg(long, value_name = "FILE", conflicts_with = "host")]
    pub(crate) report: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = PARTS_OF_GRAPH)]
pub(crate) struct Graph {
    /// How the graph is drawn
    #[arg(long = "as", value_enum, default_value_t, value_name = "DRAWING")]
    pub(crate) drawing: Drawing,
}

#[derive(Debug, clap::Args)]
#[command(after_help = PARTS_OF_BENCH)]
pub(crate) struct Bench {
    /// How often each part is measured
    #[arg(long, value_name = "N", default_value = "5")]
    pub(crate) rounds: NonZeroUsize,
    /// Path that a host is asked for first [default: one of the first route]
    #[arg(long, value_name = "PATH", value_parser = request_path)]
    pub(crate) path: Option<String>,
    /// Folder of the apps [default: where they were baked]
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum New {
    /// Writes an app with a handler, a test and an icon, and adds it to the Cargo.toml beside the host manifest
    App(NewApp),
    /// Writes a package that bakes and serves one app
    Host(NewHost),
}

#[derive(Debug, clap::Args)]
pub(crate) struct NewApp {
    /// The app's slug, after which its folder, its crate and its feature are named
    #[arg(value_name = "SLUG")]
    pub(crate) slug: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct NewHost {
    /// Folder to write, after which the package is named: a new or an empty one
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Sources of Bakehouse to depend on, in place of the released crates
    #[arg(long, value_name = "DIR")]
    pub(crate) path: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = SCHEMA_LINES)]
pub(crate) struct Schema {
    /// Which manifest: `apps.manifest.toml`, or `app.toml`
    #[arg(value_enum)]
    pub(crate) whose: Whose,
}

/// Whose manifest is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Whose {
    Host,
    App,
}

/// How a graph is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Drawing {
    #[default]
    Text,
    Dot,
    Mermaid,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "must be an address and a port, such as `127.0.0.1:4310` or `[::1]:0`".to_owned())
}

/// The address of a running host, by name or number.
fn host(text: &str) -> Result<String, String> {
    let parts = text.rsplit_once(':').filter(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
    let is_plain = !text.contains(['/', '@']) && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    let wrong = || "must be a host and a port, such as `127.0.0.1:4310` or `localhost:4310`".to_owned();
    parts.filter(|_| is_plain).map(|_| text.to_owned()).ok_or_else(wrong)
}

/// A path as it stands in a request.
fn request_path(text: &str) -> Result<String, String> {
    let is_path = text.starts_with('/') && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_path { Ok(text.to_owned()) } else { Err("must begin with `/`, and be percent-encoded".to_owned()) }
}

/// A method. One outside the registry is one that only a pattern without `methods` serves; a slip of the shift key is not.
fn method(text: &str) -> Result<Method, String> {
    let upper = text.to_ascii_uppercase();
    if upper != text && Method::known(&upper).is_some() {
        return Err(format!("the case of methods counts; the nearest is `{upper}`"));
    }
    Ok(Method::new(text))
}
