//! What the help of a command says below its flags.

pub(super) const ENVIRONMENT: &str = "\
Environment:
  BAKEHOUSE_SELECT=NAME        bake a selection of the host manifest, or @core, not everything
  BAKEHOUSE_ROOT=DIR           the folder of the apps, as --root
  BAKEHOUSE_LINK=MODE          how assets are linked: auto, symlink, hardlink, copy, or off for a folder that has them
  BAKEHOUSE_LOAD=WHEN          when apps are loaded: lazy or eager
  BAKEHOUSE_APP_<SLUG>=SWITCH  switches an app on or off, <SLUG> in upper case with _ for - and .
  BAKEHOUSE_LOG=LEVEL          what a host is at, on stderr: off, error, warn, info, debug, trace, or TARGET=LEVEL,...

Exit codes: 0 all is fine, 1 a problem was found, 2 the call was wrong";

pub(super) const DIFFERENCES: &str = r#"With --diff: `+` is new, `-` is gone, `~` differs, app by app; then the paths that another app serves now. What a switch in the
environment turns on or off is not looked at. The exit code does not depend on what changed.
--format json prints {"diff":{"host":[],"apps":[],"paths":[]}}, and with -o the numbers of the bake beside "diff":
  {"slug","change","changes":[]}                            an app; "change" is "added", "removed" or "changed"
  {"kind","name","change","values":{"KEY":{"from","to"}}}   what changed in it, or in the host
  {"path","methods":[],"from","to"}                         a path, and the {"app","pattern"} that served and serves it"#;

pub(super) const LINES_OF_ROUTES: &str = r#"Lines of --format json:
  {"pattern","app","methods":[],"preload":[],"on"}     a route, without PATH
  {"path","app","pattern","params":{},"preload":[]}    a path that is served
  {"path","app":null,"allow":[]}                       a path that is served under other methods
  {"path","app":null,"redirect"}                       a path to ask for with a slash more or less
  {"path","app":null,"off"}                            a path of an app that is switched off
  {"path","app":null}                                  a path that nobody serves
With --explain, a path also has "candidates": first the routes that match, in order of precedence, then the nearest others
  {"app","pattern","methods":[],"matched":true,"chosen","path","params":{},"failed":null}
  {"app","pattern","methods":[],"matched":false,"chosen":false,"params":{},"failed":{"segment","reason"}}
where "path" is the form of the path that the route matches, and "segment" counts from 1; "probes" tells how many nodes and
routes of the index a search for the path looks at, and "bound" how many any path can"#;

pub(super) const LISTS_OF_STATUS: &str = r#"What is the matter with a path:
  missing   planned, and not there; a lazy asset that nobody has needed yet is not missing
  foreign   something that Bakehouse did not make is in the way of what is planned
  stale     Bakehouse made it, and it is no longer what is planned: not planned any more, linked to another place, a copy of a
            source that has changed, a link to a folder that holds something else than was planned
  dangling  Bakehouse made it, and its source is gone
--format json prints {"ok":[],"missing":[],"foreign":[],"stale":[],"dangling":[]}, lists of paths in the public folder"#;

pub(super) const SHIPPING: &str = "\
A file has the permissions of its source, as far as the umask lets it, and its time to the second. What was written is noted
in .bakehouse beside DIR, which need not be shipped. To serve DIR where the apps' folders are not, name it with --public and set
BAKEHOUSE_LINK=off";

pub(super) const METHODS_OF_DOCTOR: &str = r#"Each method is tried in a folder of its own in the public folder, or where that would be, which goes afterwards:
  symlink   links to files and folders; what cannot have one is copied
  junction  links to folders, on Windows
  hardlink  only made where mode `hardlink` asks for it
  clone     copies that share their bytes with the source until one of them changes
  rename    links and files are replaced in one step
  exchange  a folder takes the place of a link in one step
  lock      hosts that start at once take turns
The exit code is 1 if linking as planned would fail or fall back: if symlink, rename or lock does not work.
Lines of --format json: {"method":"symlink","works":true,"why":null}"#;

pub(super) const RUNNING_APPS: &str = r#"Of a running host, --host and --report say of each app whether it is loaded, when and why it was loaded last, how often it was
loaded, failed to load, and was asked for and there (hits) or not (misses). The app is named by its slug.
  bakehouse apps zoom --host 127.0.0.1:4310
  curl -s http://127.0.0.1:4310/metrics | bakehouse apps zoom --report -
Lines of --format json with either of them; counts are null for an app without code:
  {"slug","state","core","loads","load_us","errors","hits","misses","evictions","last_used","last_load":{"why","ago","took_us"}}
where "last_used" and "ago" are seconds before the host was asked, or null"#;

pub(super) const PARTS_OF_BENCH: &str = r#"A part is measured as the manifests say, and with BAKEHOUSE_LINK=copy and BAKEHOUSE_LOAD=eager, in turns; the ratio says how
many times as long that takes. A start is that of a process with the table baked. Links are made in a temporary folder, which goes;
TMPDIR says on which disk.
--format json prints {"rounds","parts":[{"part","default_us","copy_eager_us","ratio"}],"notes":[]}, null where there is nothing
to compare with"#;

pub(super) const PARTS_OF_GRAPH: &str = r#"Circles of `uses` are fine; those of `requires` keep a host from being baked. The edges to cut are those of `requires` that, once
they are `uses`, leave no circle of `requires`.
--format json prints {"edges":[{"from","to","kind"}],"cycles":[["a","b"]],"cuts":[{"from","to"}]}"#;

pub(super) const SCHEMA_LINES: &str = "\
An editor with Taplo or Even Better TOML goes by a first line in the manifest that says where the schema is:
  bakehouse schema app > app.schema.json
  #:schema ./app.schema.json";
