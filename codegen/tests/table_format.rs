//! The small table in `docs/table-format.md` is what a bake of the manifests there gives. With `BLESS=1` the dump is
//! written anew. And the hash that it defines is the one in use.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use bakehouse_codegen::{Options, compile};
use bakehouse_runtime::table::hash::{self, Sample};

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

/// The hash, written from the document alone.
#[test]
fn the_documented_hash_is_true() {
    let bytes: Vec<u8> = (0..100u8).map(|byte| byte.wrapping_mul(37)).collect();
    for len in 0..bytes.len() {
        assert_eq!(hash(&bytes[..len]), hash::hash(&bytes[..len]), "{len} bytes");
    }
    let key = hash(b"/zoom");
    assert_eq!(
        (key, key ^ C),
        (hash::path(b"/zoom", false, Sample::one(0)), hash::path(b"/zoom", true, Sample::WHOLE))
    );
    assert_eq!(mul(3 ^ A, B), hash::number(3));
    assert_eq!(key % 8, hash::bucket(key, 8).into());
    assert_eq!(below(key.wrapping_mul(2 * 5 + 1) >> 32, 7), hash::slot(key, 5, 7));
    assert_eq!(key >> 32, u64::from(hash::fingerprint(key)));
}

/// The hash of a path, written from the document alone.
#[test]
fn the_documented_hash_of_paths_is_true() {
    let bytes: Vec<u8> = (0..100u8).map(|byte| byte.wrapping_mul(37)).collect();
    for core in (0..bytes.len()).map(|len| &bytes[..len]) {
        assert_eq!(hash(core), hash::path(core, false, Sample::WHOLE), "{} bytes", core.len());
        let (one, three) = sampled(core, [20, 4, 30]).unwrap_or((hash(core), hash(core)));
        assert_eq!(one, hash::path(core, false, Sample::one(20)), "{} bytes", core.len());
        assert_eq!(three ^ C, hash::path(core, true, Sample::three([20, 4, 30])), "{} bytes", core.len());
    }
}

/// The hash by one place, and by three.
fn sampled(core: &[u8], places: [usize; 3]) -> Option<(u64, u64)> {
    let last = core.len().checked_sub(8)?;
    let word = |at: usize| u64::from_le_bytes(core[at..at + 8].try_into().unwrap());
    let [a, b, c] = places.map(|place| if place + 8 <= core.len() { word(place) } else { word(last) });
    let two = |x: u64, y: u64, secret: u64| mul(y ^ (core.len() as u64).wrapping_mul(STEP), x ^ secret);
    let one = two(a, word(last), B);
    Some((one, one.wrapping_add(two(b, c, A))))
}

const A: u64 = 0xa076_1d64_78bd_642f;
const B: u64 = 0xe703_7ed1_a0b4_28db;
const C: u64 = 0x8ebc_6af0_9c88_c6e3;
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

fn hash(bytes: &[u8]) -> u64 {
    let (mut key, mut sum, len) = (A, 0u64, bytes.len());
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    let mut at = 0;
    while at + 16 < len {
        sum = sum.wrapping_add(mul(word(&bytes[at..at + 8]) ^ key, word(&bytes[at + 8..at + 16]) ^ B));
        key = key.wrapping_add(STEP);
        at += 16;
    }
    let (x, y) = match len {
        16.. => (word(&bytes[len - 16..len - 8]), word(&bytes[len - 8..])),
        8.. => (word(&bytes[..8]), word(&bytes[len - 8..])),
        _ => (word(bytes), word(bytes)),
    };
    let len = len as u64;
    mul(sum ^ x ^ C ^ key, y ^ B ^ len.wrapping_mul(STEP)) ^ len
}

fn mul(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    let low = u64::try_from(product & u128::from(u64::MAX)).unwrap();
    low ^ u64::try_from(product >> 64).unwrap()
}

fn below(hash: u64, n: u64) -> u32 {
    u32::try_from(((hash & 0xffff_ffff) * n) >> 32).unwrap()
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
