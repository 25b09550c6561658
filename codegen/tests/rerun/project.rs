//! A cargo project that bakes, on disk. All share one target folder, so that the crates which they depend on are
//! compiled once; each has a name of its own and a place that stays, so that its artifacts neither clash nor pile up.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

/// Everything that is generated must pass these in a user's crate.
const LINTS: &str = "#![deny(warnings, missing_docs, unreachable_pub, unsafe_code, unused)]\n//! A host.\n";

pub(crate) const PRINT_TABLE: &str = r#"
mod store {
    bakehouse_macros::apps!(table);
}

fn main() {
    println!("root: {}", store::ROOT);
    for app in store::TABLE.apps() {
        println!("{}: {}", app.slug(), app.name());
    }
}
"#;

pub(crate) struct Project {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
}

impl Project {
    /// A host that wants the table alone, with one app, `hello`.
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rerun").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("removes the project of an earlier run");
        }
        let project = Self { name: name.to_owned(), folder };
        let workspace = workspace();
        fs::create_dir_all(&project.folder).expect("makes the project");
        fs::copy(workspace.join("Cargo.lock"), project.folder.join("Cargo.lock")).expect("copies the lock file");
        project.write_package("", "");
        project.write("build.rs", "fn main() { bakehouse_codegen::bake(\"apps.manifest.toml\"); }\n");
        project.write("apps.manifest.toml", "[host]\nname = \"test\"\n");
        project.write("apps/hello/app.toml", "name = \"Hello\"\nslug = \"hello\"\n");
        project.write("apps/hello/static/icon.svg", "<svg/>\n");
        project.write_main(PRINT_TABLE);
        project
    }

    /// A host whose app `hello` has code, behind a feature.
    pub(crate) fn with_code(name: &str, main: &str) -> Self {
        let project = Self::new(name);
        let sdk = dependency("sdk");
        let dependencies = format!("{sdk}hello = {{ path = \"apps/hello\", optional = true }}\n");
        project.write_package(&dependencies, "[features]\ndefault = [\"hello\", \"other\"]\nother = []\n");
        project.write("apps/hello/app.toml", "slug = \"hello\"\nname = \"Hello\"\nentry = \"hello::app\"\n");
        let package = "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
        project.write("apps/hello/Cargo.toml", &format!("{package}[dependencies]\n{sdk}"));
        project.write("apps/hello/src/lib.rs", include_str!("hello.rs"));
        project.write("apps/plain/app.toml", "slug = \"plain\"\nname = \"Plain\"\n");
        project.write_main(main);
        project
    }

    /// The project's `Cargo.toml`, with more dependencies and whatever stands before them.
    pub(crate) fn write_package(&self, dependencies: &str, features: &str) {
        let package = format!(
            "[package]\nname = \"{}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n{features}\n\
             [dependencies]\n{}{}{dependencies}\n[build-dependencies]\n{}",
            self.name,
            dependency("macros"),
            dependency("runtime"),
            dependency("codegen")
        );
        self.write("Cargo.toml", &package);
    }

    pub(crate) fn write_main(&self, main: &str) {
        self.write("src/main.rs", &format!("{LINTS}{main}"));
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().expect("is in a folder")).expect("makes a folder");
        fs::write(path, text).expect("writes a file");
    }

    pub(crate) fn build(&self) -> Build {
        self.build_with("", None)
    }

    /// Builds with more flags, split at blanks, and a selection.
    pub(crate) fn build_with(&self, flags: &str, select: Option<&str>) -> Build {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(["build", "--offline", "-v", "--message-format", "json"]).args(flags.split_whitespace());
        command.current_dir(&self.folder);
        command.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("rerun-target"));
        command.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_INCREMENTAL", "0");
        command.env_remove("RUSTFLAGS").env_remove("BAKEHOUSE_SELECT");
        command.envs(select.map(|select| ("BAKEHOUSE_SELECT", select)));
        let output = command.output().expect("starts cargo");
        let stdout = String::from_utf8(output.stdout).expect("writes UTF-8");
        let messages = stdout.lines().map(|line| serde_json::from_str(line).expect("writes JSON")).collect();
        let stderr = String::from_utf8(output.stderr).expect("writes UTF-8");
        Build { name: self.name.clone(), success: output.status.success(), messages, stderr }
    }
}

/// What cargo said.
pub(crate) struct Build {
    name: String,
    pub(crate) success: bool,
    messages: Vec<Value>,
    pub(crate) stderr: String,
}

impl Build {
    /// Whether the project's build script ran.
    pub(crate) fn is_baked(&self) -> bool {
        let program = format!("/{}-", self.name);
        let ran =
            |line: &str| line.contains("Running") && line.ends_with("build-script-build`") && line.contains(&program);
        self.stderr.lines().any(ran)
    }

    /// Whether nothing was compiled or run.
    pub(crate) fn is_fresh(&self) -> bool {
        let mut artifacts = self.of("compiler-artifact").peekable();
        artifacts.peek().is_some() && artifacts.all(|artifact| artifact["fresh"] == true) && !self.is_baked()
    }

    /// What rustc says of the project.
    pub(crate) fn errors(&self) -> Vec<String> {
        let messages = self.of("compiler-message").map(|message| &message["message"]);
        let errors = messages.filter(|message| message["level"] == "error" && message["spans"] != Value::Array(vec![]));
        errors.map(|error| text(&error["rendered"])).collect()
    }

    /// The folder into which the project's build script wrote.
    pub(crate) fn out_dir(&self) -> PathBuf {
        let package = format!("/{}#", self.name);
        let ours = |message: &&Value| text(&message["package_id"]).contains(&package);
        let message = self.of("build-script-executed").find(ours).expect("has run the build script");
        text(&message["out_dir"]).into()
    }

    /// The project's program.
    pub(crate) fn executable(&self) -> PathBuf {
        let executable = self.of("compiler-artifact").find_map(|artifact| artifact["executable"].as_str());
        executable.expect("has built a program").into()
    }

    /// What the project's program prints.
    #[track_caller]
    pub(crate) fn run(&self) -> String {
        assert!(self.success, "{}\n{}", self.errors().join("\n"), self.stderr);
        let output = Command::new(self.executable()).output().expect("starts the program");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("writes UTF-8")
    }

    /// The apps that the program prints, a line each.
    #[track_caller]
    pub(crate) fn apps(&self) -> Vec<String> {
        self.run().lines().filter(|line| !line.starts_with("root: ")).map(ToOwned::to_owned).collect()
    }

    /// Whether rustc says something, of whatever package.
    pub(crate) fn says(&self, what: &str) -> bool {
        self.of("compiler-message").any(|message| text(&message["message"]["rendered"]).contains(what))
    }

    /// Whether what was compiled under a name is as it was before.
    pub(crate) fn fresh(&self, name: &str) -> Option<bool> {
        let mut artifacts = self.of("compiler-artifact");
        artifacts.find(|artifact| artifact["target"]["name"] == name)?["fresh"].as_bool()
    }

    /// The names of what was compiled, now or before.
    pub(crate) fn compiled(&self) -> BTreeSet<String> {
        self.of("compiler-artifact").map(|artifact| text(&artifact["target"]["name"])).collect()
    }

    fn of(&self, reason: &'static str) -> impl Iterator<Item = &Value> {
        self.messages.iter().filter(move |message| message["reason"] == reason)
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("is a text").to_owned()
}

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("is a member of the workspace")
}

/// A dependency on a crate of this workspace.
pub(crate) fn dependency(crate_folder: &str) -> String {
    format!("bakehouse-{crate_folder} = {{ path = '{}' }}\n", workspace().join(crate_folder).display())
}
