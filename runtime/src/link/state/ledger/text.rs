//! The ledger as text: a version line, the public folder, the plan's hash, the stage if it is about to be made true, a line for each thing made (sorted by path), and
//! an end line with the number of those and a hash of all before it.
//!
//! Fields are separated by spaces and percent-encoded, so that a line is a line whatever a file is called.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::str::FromStr;

use xxhash_rust::xxh3::xxh3_64;

use super::{Ledger, Mark, Next, Record, SourceStamp};
use crate::link::dir::Stamp;
use crate::link::path::{escape, stays_inside};

const VERSION: &str = "bakehouse-ledger 1";

/// About how many bytes a record takes.
const TYPICAL: usize = 128;

/// What ledgers of all versions begin with.
const BEGINNING: &[u8] = b"bakehouse-ledger ";

/// What the name of every stage begins with.
const STAGE_BEGINNING: &[u8] = b".bakehouse-";

/// The ledger's text.
pub(super) fn write(ledger: &Ledger) -> String {
    write_with(ledger, None)
}

/// The text of a ledger that is about to be made true: with a line for the stage after the plan's.
pub(super) fn write_next(next: &Next) -> String {
    write_with(&next.ledger, Some(&next.stage))
}

fn write_with(ledger: &Ledger, stage: Option<&[u8]>) -> String {
    let mut text = String::with_capacity(ledger.records.len() * TYPICAL);
    text.push_str(VERSION);
    text.push_str("\npublic ");
    encode(&ledger.public, &mut text);
    // Writing to a string can't fail.
    let _ = write!(text, "\nplan {:016x}\n", ledger.plan);
    if let Some(stage) = stage {
        text.push_str("stage ");
        encode(stage, &mut text);
        text.push('\n');
    }
    for record in &ledger.records {
        write_record(record, &mut text);
    }
    let hash = xxh3_64(text.as_bytes());
    let _ = writeln!(text, "end {} {hash:016x}", ledger.records.len());
    text
}

fn write_record(record: &Record, text: &mut String) {
    text.push_str(match &record.mark {
        Mark::Folder => "folder ",
        Mark::Symlink { .. } => "symlink ",
        Mark::Hardlink { .. } => "hardlink ",
        Mark::Copy { .. } => "copy ",
    });
    encode(&record.path, text);
    if !record.is_folder() {
        text.push(' ');
        encode(record.app.as_bytes(), text);
    }
    write_mark(&record.mark, text);
    text.push('\n');
}

fn write_mark(mark: &Mark, text: &mut String) {
    // Writing to a string can't fail.
    let _ = match mark {
        Mark::Folder => Ok(()),
        Mark::Symlink { target } => {
            text.push(' ');
            encode(target, text);
            Ok(())
        }
        Mark::Hardlink { inode, stamp } => write!(text, " {inode} {} {}", stamp.size, stamp.modified),
        Mark::Copy { own, source: SourceStamp::Young } => write!(text, " {} {} young", own.size, own.modified),
        Mark::Copy { own, source: SourceStamp::Settled { inode, stamp, changed } } => {
            let (size, modified) = (stamp.size, stamp.modified);
            write!(text, " {} {} {inode} {size} {modified} {changed}", own.size, own.modified)
        }
    };
}

/// Whether a file is a ledger, or what a crash may leave of one: nothing, or zeros.
pub(super) fn is_ledger(bytes: &[u8]) -> bool {
    bytes.starts_with(BEGINNING) || BEGINNING.starts_with(bytes) || bytes.iter().all(|&byte| byte == 0)
}

/// Reads a ledger's text back; an error says in words why it can't be trusted.
pub(super) fn parse(bytes: &[u8]) -> Result<Ledger, &'static str> {
    // One that was written as the next is the ledger as it is, and then has a stage of no further interest.
    parse_with(bytes).map(|(ledger, _)| ledger)
}

/// Reads back the text of a ledger that was about to be made true.
pub(super) fn parse_next(bytes: &[u8]) -> Result<Next, &'static str> {
    let (ledger, stage) = parse_with(bytes)?;
    let stage = stage.filter(|stage| is_name(stage)).ok_or("it names no stage")?;
    Ok(Next { ledger, stage })
}

fn is_name(stage: &[u8]) -> bool {
    stage.starts_with(STAGE_BEGINNING) && stays_inside(stage) && !stage.contains(&b'/')
}

fn parse_with(bytes: &[u8]) -> Result<(Ledger, Option<Vec<u8>>), &'static str> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it was altered")?;
    if text.lines().next() != Some(VERSION) {
        return Err("it is not a ledger of this version");
    }
    let (body, end) = text.trim_end_matches('\n').rsplit_once('\n').ok_or("it was cut short")?;
    let (count, hash) = end.strip_prefix("end ").and_then(|end| end.split_once(' ')).ok_or("it was cut short")?;
    let body_with_newline = &text[..=body.len()];
    if hash != format!("{:016x}", xxh3_64(body_with_newline.as_bytes())) || !text.ends_with('\n') {
        return Err("it was altered");
    }
    parse_body(body).filter(|(ledger, _)| ledger.records.len().to_string() == count).ok_or("it was altered")
}

fn parse_body(body: &str) -> Option<(Ledger, Option<Vec<u8>>)> {
    let mut lines = body.lines().skip(1).peekable();
    let public = decode(lines.next()?.strip_prefix("public ")?.as_bytes())?.into_owned();
    let plan = u64::from_str_radix(lines.next()?.strip_prefix("plan ")?, 16).ok()?;
    let stage = lines
        .next_if(|line| line.starts_with("stage "))
        .map(|line| decode(line.trim_start_matches("stage ").as_bytes()));
    let stage = if let Some(stage) = stage { Some(stage?.into_owned()) } else { None };
    let records: Vec<Record> = lines.map(parse_record).collect::<Option<_>>()?;
    let is_sorted = match &stage {
        None => records.is_sorted_by(|one, next| one.path < next.path),
        Some(_) => records.is_sorted_by(|one, next| one.path <= next.path),
    };
    is_sorted.then_some((Ledger { public, plan, records }, stage))
}

fn parse_record(line: &str) -> Option<Record> {
    let mut fields = line.as_bytes().split(|&byte| byte == b' ');
    let method = fields.next()?;
    let path = decode(fields.next()?).filter(|path| stays_inside(path))?;
    let app = if method == b"folder" { Cow::default() } else { decode(fields.next()?)? };
    let mark = parse_mark(method, &mut fields)?;
    fields.next().is_none().then_some(Record::new(&path, std::str::from_utf8(&app).ok()?, mark))
}

fn parse_mark<'t>(method: &[u8], fields: &mut impl Iterator<Item = &'t [u8]>) -> Option<Mark> {
    Some(match method {
        b"folder" => Mark::Folder,
        b"symlink" => Mark::Symlink { target: decode(fields.next()?)?.into() },
        b"hardlink" => {
            Mark::Hardlink { inode: parse_number(fields.next()?)?, stamp: parse_stamp(fields.next()?, fields)? }
        }
        b"copy" => {
            let own = parse_stamp(fields.next()?, fields)?;
            let source = match fields.next()? {
                b"young" => SourceStamp::Young,
                inode => SourceStamp::Settled {
                    inode: parse_number(inode)?,
                    stamp: parse_stamp(fields.next()?, fields)?,
                    changed: parse_number(fields.next()?)?,
                },
            };
            Mark::Copy { own, source }
        }
        _ => return None,
    })
}

fn parse_stamp<'t>(size: &[u8], fields: &mut impl Iterator<Item = &'t [u8]>) -> Option<Stamp> {
    Some(Stamp { size: parse_number(size)?, modified: parse_number(fields.next()?)? })
}

fn parse_number<N: FromStr>(field: &[u8]) -> Option<N> {
    std::str::from_utf8(field).ok()?.parse().ok()
}

fn encode(bytes: &[u8], text: &mut String) {
    let is_special = |byte: &u8| !byte.is_ascii_graphic() || *byte == b'%';
    // Mostly none is, and without a way out of the loop, many are looked at in one step.
    if !bytes.iter().fold(false, |any, byte| any | is_special(byte)) {
        return push_plain(bytes, text);
    }
    for byte in bytes {
        if is_special(byte) {
            escape(&[*byte], text);
        } else {
            text.push(char::from(*byte));
        }
    }
}

/// Appends bytes that are all ASCII.
fn push_plain(bytes: &[u8], text: &mut String) {
    text.push_str(std::str::from_utf8(bytes).unwrap_or_default());
}

fn decode(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    if !text.contains(&b'%') {
        return Some(Cow::Borrowed(text));
    }
    let mut parts = text.split(|&byte| byte == b'%');
    let mut bytes = Cow::Borrowed(parts.next()?);
    for part in parts {
        let (digits, plain) = part.split_at_checked(2)?;
        let byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        bytes.to_mut().push(byte);
        bytes.to_mut().extend(plain);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Ledger {
        let stamp = Stamp { size: 7, modified: -3 };
        let record = |path: &[u8], mark| Record::new(path, "zoom", mark);
        let settled = SourceStamp::Settled { inode: 9, stamp, changed: 5 };
        let records = vec![
            Record::folder(b"a"),
            record(b"a/\xff\n 100%", Mark::Symlink { target: (*b"../a b").into() }),
            record(b"b", Mark::Hardlink { inode: u64::MAX, stamp }),
            record(b"c", Mark::Copy { own: stamp, source: settled }),
            record(b"d", Mark::Copy { own: stamp, source: SourceStamp::Young }),
        ];
        Ledger { public: b"/srv/my public".to_vec(), plan: 42, records }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for ledger in [sample(), Ledger::default()] {
            assert_eq!(parse(write(&ledger).as_bytes()), Ok(ledger));
        }
    }

    #[test]
    fn a_next_ledger_is_read_back_with_its_stage_and_is_a_ledger_too() {
        let mut ledger = sample();
        let stage = b".bakehouse-1".to_vec();
        let text = write_next(&Next { ledger: sample(), stage: stage.clone() });
        assert_eq!(parse(text.as_bytes()), Ok(sample()));
        ledger.records.push(ledger.records[4].clone());
        let next = Next { ledger, stage };
        assert_eq!(parse_next(write_next(&next).as_bytes()), Ok(next));
    }

    #[test]
    fn a_stage_that_is_no_name_of_ours_is_refused() {
        for stage in ["zoom", ".bakehouse-1/..", "..", ""] {
            let next = Next { ledger: sample(), stage: stage.into() };
            assert_eq!(parse_next(write_next(&next).as_bytes()), Err("it names no stage"), "{stage}");
        }
        assert!(parse_next(write(&sample()).as_bytes()).is_err());
    }

    #[test]
    fn a_ledger_cut_short_anywhere_is_refused() {
        let text = write(&sample());
        for end in 0..text.len() {
            assert!(parse(&text.as_bytes()[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn a_ledger_with_any_byte_altered_is_refused() {
        let text = write(&sample());
        for idx in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[idx] ^= 1;
            assert!(parse(&bytes).is_err(), "altered at {idx}");
        }
    }

    #[test]
    fn a_record_that_leads_out_is_refused_even_with_a_right_hash() {
        let mut ledger = sample();
        ledger.records[0].path = (*b"../a").into();
        assert!(parse(write(&ledger).as_bytes()).is_err());
    }

    #[test]
    fn a_later_version_is_named_as_such() {
        let text = write(&sample()).replacen('1', "2", 1);
        assert_eq!(parse(text.as_bytes()), Err("it is not a ledger of this version"));
    }
}
