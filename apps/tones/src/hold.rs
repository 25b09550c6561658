//! Music on hold: a body that is made while it is sent, so that an hour of it takes no more memory than a second.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bakehouse_sdk::bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::wav;

/// The chords, two seconds each, in Hz.
const CHORDS: [[f64; 3]; 4] =
    [[261.63, 329.63, 392.0], [220.0, 261.63, 329.63], [174.61, 220.0, 261.63], [196.0, 246.94, 293.66]];

/// How long a chord takes to come and to go, in samples: 200 ms.
const FADE: u32 = wav::RATE / 5;

/// A file of music on hold.
#[derive(Debug)]
pub(crate) struct Hold {
    /// How many seconds the whole file has.
    seconds: u32,
    /// How many pieces were made: the header is the first, then a second each.
    made: u32,
}

impl Hold {
    /// Music for that many seconds, a few thousand at most.
    pub(crate) fn new(seconds: u32) -> Self {
        Self { seconds, made: 0 }
    }

    fn piece(&mut self) -> Option<Vec<u8>> {
        let piece = match self.made {
            0 => wav::header(self.seconds * wav::RATE),
            made if made <= self.seconds => second(made - 1),
            _ => return None,
        };
        self.made += 1;
        Some(piece)
    }

    fn left(&self) -> u32 {
        let seconds = self.seconds - self.made.saturating_sub(1).min(self.seconds);
        let header = if self.made == 0 { wav::HEADER } else { 0 };
        header + seconds * wav::RATE * wav::SAMPLE
    }
}

impl Body for Hold {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.piece().map(|piece| Ok(Frame::data(piece.into()))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left().into())
    }
}

/// The samples of one second.
fn second(number: u32) -> Vec<u8> {
    let chord = CHORDS.iter().cycle().nth((number / 2 % 4) as usize).copied().unwrap_or_default();
    let first = number % 2 * wav::RATE;
    (first..first + wav::RATE).flat_map(|idx| wav::sample(chord_at(chord, idx))).collect()
}

fn chord_at(chord: [f64; 3], idx: u32) -> f64 {
    let edge = idx.min(2 * wav::RATE - idx).min(FADE);
    let sum: f64 = chord.iter().map(|frequency| wav::tone(*frequency, idx)).sum();
    sum / 3.0 * 0.5 * f64::from(edge) / f64::from(FADE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_what_comes() {
        for seconds in [1, 2, 9] {
            let mut hold = Hold::new(seconds);
            let mut left = vec![hold.size_hint().exact().unwrap()];
            let mut lengths = Vec::new();
            while let Some(piece) = hold.piece() {
                lengths.push(piece.len() as u64);
                left.push(hold.size_hint().exact().unwrap());
            }
            assert_eq!(left[0], u64::from(44 + seconds * 16000));
            assert_eq!(left.windows(2).map(|pair| pair[0] - pair[1]).collect::<Vec<_>>(), lengths);
            assert_eq!(left.last(), Some(&0));
        }
    }

    #[test]
    fn chords_begin_and_end_quietly_and_are_heard_between() {
        let loudest =
            |samples: &[u8]| samples.chunks(2).map(|it| i16::from_le_bytes([it[0], it[1]]).unsigned_abs()).max();
        let chord = [second(2), second(3)].concat();
        assert!(loudest(&chord[..40]) < Some(200) && loudest(&chord[chord.len() - 40..]) < Some(400));
        assert!(loudest(&chord) > Some(8000));
        assert_ne!(second(0), second(2));
        assert_eq!(second(0), second(8));
    }
}
