//! WAV files of one channel, 16 bits a sample, as telephones have it.

/// Samples a second.
pub(crate) const RATE: u32 = 8000;

/// How many bytes a sample has.
pub(crate) const SAMPLE: u32 = 2;

/// How many bytes stand before the samples.
pub(crate) const HEADER: u32 = 44;

/// What stands before that many samples.
pub(crate) fn header(n_samples: u32) -> Vec<u8> {
    let data = n_samples * SAMPLE;
    let mut header = Vec::with_capacity(HEADER as usize);
    header.extend(b"RIFF");
    header.extend((HEADER - 8 + data).to_le_bytes());
    header.extend(b"WAVEfmt ");
    header.extend(16_u32.to_le_bytes());
    // PCM, and one channel.
    header.extend([1, 0, 1, 0]);
    header.extend(RATE.to_le_bytes());
    header.extend((RATE * SAMPLE).to_le_bytes());
    // Bytes and bits of a sample.
    header.extend([2, 0, 16, 0]);
    header.extend(b"data");
    header.extend(data.to_le_bytes());
    header
}

/// A sample of a sound that swings between -1 and 1; louder sounds are cut.
#[expect(clippy::cast_possible_truncation, reason = "the value is within the range of an `i16`")]
pub(crate) fn sample(value: f64) -> [u8; 2] {
    ((value.clamp(-1.0, 1.0) * f64::from(i16::MAX)) as i16).to_le_bytes()
}

/// A tone of that frequency in Hz at the sample of that number, between -1 and 1.
pub(crate) fn tone(frequency: f64, idx: u32) -> f64 {
    (std::f64::consts::TAU * frequency * f64::from(idx) / f64::from(RATE)).sin()
}
