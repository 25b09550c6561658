//! A program in C, linked to the static library, answers as hosts of other kinds.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

// Has cargo build the library.
use c_host as _;
use host_requests::check;

#[test]
fn a_program_in_c_answers() {
    let dir = tempfile::tempdir().expect("a folder");
    let Some(program) = compile(dir.path()) else { return };
    check(|method, target| {
        let output = Command::new(&program).args([method, target]).output().expect("the program starts");
        assert!(output.status.success(), "{method} {target}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    });
}

/// The program; none, said aloud, where there is no compiler for C.
fn compile(dir: &Path) -> Option<PathBuf> {
    let (program, here) = (dir.join("host"), Path::new(env!("CARGO_MANIFEST_DIR")));
    let mut cc = Command::new("cc");
    cc.args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-o"]).arg(&program).arg(here.join("main.c")).arg(library());
    match cc.args(["-lpthread", "-ldl", "-lm"]).output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => {
            assert!(env::var_os("CI").is_none(), "CI must have `cc`: {error}");
            println!("skipped: `cc` cannot be started: {error}");
            return None;
        }
    }
    Some(program)
}

/// The static library, which cargo puts beside this program. Of several, for other flags, the last built is not out of date.
fn library() -> PathBuf {
    let program = env::current_exe().expect("this program has a path");
    let beside = fs::read_dir(program.parent().expect("a folder")).expect("a folder can be read");
    let paths = beside.map(|entry| entry.expect("an entry can be read").path());
    let built = |path: &PathBuf| fs::metadata(path).and_then(|it| it.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    let is_library = |path: &PathBuf| {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("libc_host") && path.extension().is_some_and(|extension| extension == "a")
    };
    paths.filter(is_library).max_by_key(built).expect("the static library was built")
}
