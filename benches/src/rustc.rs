//! What a table costs the compiler, the loader and the binary, and what the runtime costs a build.
//!
//! The programs in `programs/` are compiled by rustc itself, against the runtime as cargo builds it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use object::{Object as _, ObjectSection as _};

use crate::builds::{self, Profile};
use crate::figure::{Amount, Budget, Figure};
use crate::host::{App, bake, slug};
use crate::measure::{Seconds, child_cpu, interleaved};
use crate::{Report, Result, Scale};

/// A linker makes noise of its own; more rounds than these take too long.
const ROUNDS: usize = 5;

pub(crate) fn measure(scale: Scale, report: &mut Report) -> Result<()> {
    let n_routes = scale.size(32_000);
    let bench = Bench { dir: tempfile::tempdir()? };
    bench.table("small", 100)?;
    bench.table("large", n_routes)?;
    builds::dependencies(report)?;
    builds::runtime(&bench.target(), report)?;
    bench.compare(n_routes, Profile::Debug, scale, report)?;
    if scale.outside {
        builds::build(&bench.target(), &["-p", "bakehouse-runtime"], Profile::Release)?;
        bench.compare(n_routes, Profile::Release, scale, report)?;
        bench.compare(n_routes, Profile::ReleaseOneUnit, scale, report)?;
        bench.weigh(report)?;
    }
    Ok(())
}

/// A folder with tables, a build of the runtime, and programs.
struct Bench {
    dir: tempfile::TempDir,
}

impl Bench {
    fn table(&self, name: &str, n_routes: usize) -> Result<()> {
        let app = |idx| {
            let slug = slug(idx);
            let pattern = |at| format!("/{slug}/api/resources-{at}/{{id}}");
            App { patterns: (0..100).map(pattern).collect(), slug: slug.clone(), entry: "" }
        };
        let apps: Vec<App> = (0..n_routes.div_ceil(100)).map(app).collect();
        Ok(fs::write(self.dir.path().join(name), bake(&apps)?)?)
    }

    fn target(&self) -> PathBuf {
        self.dir.path().join("target")
    }

    fn binary(&self, program: Program, table: &str, profile: Profile) -> PathBuf {
        self.dir.path().join(format!("{program:?}-{table}-{profile:?}"))
    }

    /// Compiles one of the programs, with one of the tables in it.
    fn compile(&self, program: Program, table: &str, profile: Profile) -> Result<Seconds> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs").join(program.source());
        let libraries = self.target().join(profile.folder());
        let equals = |name: &str, path: &Path| [OsString::from(name), path.as_os_str().to_owned()].join("=".as_ref());
        let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        rustc.arg(source).args(["--edition", "2024", "--crate-type", "bin", "-o"]);
        rustc.arg(self.binary(program, table, profile)).env("BENCH_TABLE", self.dir.path().join(table));
        rustc.arg("-L").arg(equals("dependency", &libraries.join("deps")));
        rustc.arg("--extern").arg(equals("bakehouse_runtime", &libraries.join("libbakehouse_runtime.rlib")));
        child_cpu(rustc.args(profile.flags()).args(program.flags()))
    }

    /// A program with the large table, against one with the small.
    fn compare(&self, n_routes: usize, profile: Profile, scale: Scale, report: &mut Report) -> Result<()> {
        let name = profile.name();
        let [large, small] = interleaved(
            scale.rounds.min(ROUNDS),
            [&mut || self.compile(Program::Host, "large", profile), &mut || {
                self.compile(Program::Host, "small", profile)
            }],
        )?;
        let budget = Budget::Plus(Amount::Time(0.15));
        let what = format!("rustc, {name}: {n_routes} routes");
        report.figures.push(Figure::against(what, budget, Amount::Time(large), "100 routes", Amount::Time(small)));
        let [large, small] = ["large", "small"].map(|table| n_relocations(&self.binary(Program::Host, table, profile)));
        let what = format!("relocations, {name}: {n_routes} routes");
        let budget = Budget::Plus(Amount::Count(0));
        report.figures.push(Figure::against(what, budget, Amount::Count(large?), "100 routes", Amount::Count(small?)));
        Ok(())
    }

    /// What the runtime adds to a program, with its linker and without.
    fn weigh(&self, report: &mut Report) -> Result<()> {
        let weigh = |program| {
            self.compile(program, "small", Profile::Release)?;
            Ok::<_, Box<dyn std::error::Error>>(fs::metadata(self.binary(program, "small", Profile::Release))?.len())
        };
        let table = fs::metadata(self.dir.path().join("small"))?.len();
        let empty = weigh(Program::Empty)?;
        for (what, program) in [("with the linker", Program::Host), ("without", Program::HostWithoutLinker)] {
            report.figures.push(Figure::against(
                format!("runtime: in a stripped release binary, {what}"),
                Budget::Plus(Amount::Bytes(100_000)),
                Amount::Bytes(weigh(program)?.saturating_sub(table)),
                "empty program",
                Amount::Bytes(empty),
            ));
        }
        Ok(())
    }
}

/// What is compiled.
#[derive(Debug, Clone, Copy)]
enum Program {
    /// Finds, links and loads.
    Host,
    /// Finds and loads.
    HostWithoutLinker,
    /// Does nothing.
    Empty,
}

impl Program {
    fn source(self) -> &'static str {
        match self {
            Self::Host | Self::HostWithoutLinker => "host.rs",
            Self::Empty => "empty.rs",
        }
    }

    fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Host => &["--cfg", "linker"],
            Self::HostWithoutLinker | Self::Empty => &[],
        }
    }
}

/// How many places the loader has to fill in when the program starts.
fn n_relocations(program: &Path) -> Result<u64> {
    const ENTRY_LEN: u64 = 24;
    let bytes = fs::read(program)?;
    let section = object::File::parse(&*bytes)?.section_by_name(".rela.dyn").map(|section| section.size());
    let missing = || format!("{} has no `.rela.dyn`: this counts those of 64-bit ELF only", program.display());
    Ok(section.ok_or_else(missing)? / ENTRY_LEN)
}
