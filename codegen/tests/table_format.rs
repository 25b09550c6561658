//! The small table in `docs/table-format.md` is what a bake of the manifests there gives. With `BLESS=1` the dump is
//! written anew.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use bakehouse_codegen::{Options, compile};

#[test]
fn the_documented_dump_is_true() {
    let doc_path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/table-format.md");
    let doc = fs::read_to_string(&doc_path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for name in ["apps.manifest.toml", "apps/zoom/app.toml"] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, block(&doc, &format!("```toml {name}\n"))).unwrap();
    }
    let compilation = compile(&folder.path().join("apps.manifest.toml"), &Options::default());
    let dump = hexdump(&compilation.baked.unwrap().table);
    let documented = block(&doc, "```text\n");
    if std::env::var_os("BLESS").is_some() {
        fs::write(doc_path, doc.replace(documented, &dump)).unwrap();
    } else {
        assert_eq!(documented, dump, "run with BLESS=1 to write it anew");
    }
}

/// The text of the code block that begins so.
fn block<'a>(doc: &'a str, fence: &str) -> &'a str {
    doc.split_once(fence).unwrap().1.split_once("```").unwrap().0
}

/// 16 bytes a line, with their offset and their ASCII; a run of equal lines is one `*`, as hexdump has it.
fn hexdump(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut previous: Option<&[u8]> = None;
    for (idx, line) in bytes.chunks(16).enumerate() {
        if previous == Some(line) {
            if !out.ends_with("*\n") {
                out.push_str("*\n");
            }
            continue;
        }
        previous = Some(line);
        let hex: Vec<String> = line.chunks(4).map(word).collect();
        let ascii = |byte: &u8| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '.' };
        let text: String = line.iter().map(ascii).collect();
        writeln!(out, "{:04x}  {:<35}  |{text}|", idx * 16, hex.join(" ")).unwrap();
    }
    out
}

fn word(bytes: &[u8]) -> String {
    let mut out = String::new();
    for byte in bytes {
        write!(out, "{byte:02x}").unwrap();
    }
    out
}
