//! Keys being pressed: two tones at once for each (ITU-T Q.23).

use crate::wav;

/// How many keys a file may have.
const MOST: usize = 64;

/// How long a key is pressed, and how long it is quiet behind it, in samples: 100 ms and 60 ms.
const PRESSED: u32 = wav::RATE / 10;
const QUIET: u32 = wav::RATE * 6 / 100;

/// The tone of each column and of each row of keys, in Hz.
const COLUMNS: [f64; 4] = [1209.0, 1336.0, 1477.0, 1633.0];
const ROWS: [f64; 4] = [697.0, 770.0, 852.0, 941.0];

/// The keys, row by row.
const KEYS: &str = "123A456B789C*0#D";

/// The file of the keys.
///
/// # Errors
/// A sentence for the client if there are too many, or something else than keys.
pub(crate) fn file(keys: &str) -> Result<Vec<u8>, String> {
    let tones: Vec<[f64; 2]> = keys.chars().map(tones).collect::<Result<_, _>>()?;
    if tones.len() > MOST {
        return Err(format!("there may be {MOST} keys at most, but these are {}", tones.len()));
    }
    let n_keys = u32::try_from(tones.len()).unwrap_or_default();
    let mut file = wav::header(n_keys * (PRESSED + QUIET));
    for [low, high] in tones {
        file.extend((0..PRESSED).flat_map(|idx| wav::sample((wav::tone(low, idx) + wav::tone(high, idx)) * 0.4)));
        file.extend((0..QUIET).flat_map(|_| wav::sample(0.0)));
    }
    Ok(file)
}

/// The two tones of a key.
fn tones(key: char) -> Result<[f64; 2], String> {
    let place = KEYS.find(key.to_ascii_uppercase());
    let place =
        place.ok_or_else(|| format!("`{key}` is no key: there are 0 to 9, A to D, * and %23, the number sign"))?;
    let of = |tones: [f64; 4], idx: usize| tones.get(idx).copied().unwrap_or_default();
    Ok([of(ROWS, place / 4), of(COLUMNS, place % 4)])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How strong a frequency is in the first key of a file: the length of its component.
    fn strength(file: &[u8], frequency: f64) -> f64 {
        let samples = file[44..].chunks(2).take(PRESSED as usize).map(|bytes| i16::from_le_bytes([bytes[0], bytes[1]]));
        let (mut sin, mut cos) = (0.0, 0.0);
        for (idx, sample) in (0_u32..).zip(samples) {
            let angle = std::f64::consts::TAU * frequency * f64::from(idx) / f64::from(wav::RATE);
            sin += f64::from(sample) * angle.sin();
            cos += f64::from(sample) * angle.cos();
        }
        sin.hypot(cos)
    }

    #[test]
    fn each_key_has_its_two_tones() {
        for (place, key) in KEYS.chars().enumerate() {
            let file = file(&key.to_string()).unwrap();
            let strongest = |tones: [f64; 4]| {
                let strengths = tones.map(|frequency| strength(&file, frequency));
                (0..4).max_by(|one, other| strengths[*one].total_cmp(&strengths[*other])).unwrap()
            };
            assert_eq!((strongest(ROWS), strongest(COLUMNS)), (place / 4, place % 4), "{key}");
        }
    }

    #[test]
    fn a_file_is_as_long_as_it_says() {
        for keys in ["5", "a*#", &"1".repeat(MOST)] {
            let file = file(keys).unwrap();
            let said = u32::from_le_bytes(file[40..44].try_into().unwrap()) as usize;
            assert_eq!((&file[..4], file.len()), (&b"RIFF"[..], 44 + said));
            assert_eq!(said, keys.len() * 1280 * 2);
        }
    }

    #[test]
    fn other_characters_are_no_keys() {
        assert!(file("12x").unwrap_err().starts_with("`x` is no key"));
        assert_eq!(file(&"1".repeat(65)).unwrap_err(), "there may be 64 keys at most, but these are 65");
    }
}
