//! Sixteen bytes at a time.

/// A bit for each byte that is a slash, the first byte's the lowest.
#[inline]
pub(super) fn slashes(bytes: &[u8; 16]) -> u16 {
    equal(bytes, &[b'/'; 16])
}

/// A bit for each byte that is the same in both, the first byte's the lowest.
#[cfg(target_arch = "x86_64")]
#[inline]
#[expect(unsafe_code, reason = "without it, a lookup among GitHub's routes takes a fifth more instructions")]
pub(super) fn equal(a: &[u8; 16], b: &[u8; 16]) -> u16 {
    use std::arch::x86_64::{_mm_cmpeq_epi8, _mm_loadu_si128, _mm_movemask_epi8};
    // SAFETY: every x86_64 processor has SSE2, and each load, which need not be aligned, is of sixteen bytes.
    let mask = unsafe {
        let (a, b) = (_mm_loadu_si128(a.as_ptr().cast()), _mm_loadu_si128(b.as_ptr().cast()));
        _mm_movemask_epi8(_mm_cmpeq_epi8(a, b))
    };
    u16::try_from(mask).unwrap_or_default()
}

/// A bit for each byte that is the same in both, the first byte's the lowest.
#[cfg(not(target_arch = "x86_64"))]
#[inline]
pub(super) fn equal(a: &[u8; 16], b: &[u8; 16]) -> u16 {
    portable(a, b)
}

/// Eight bytes at a time: a byte that is the same becomes a bit, and a product moves the eight bits together.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn portable(a: &[u8; 16], b: &[u8; 16]) -> u16 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const LOW: u64 = ONES * 0x7f;
    let words = a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0);
    words.rev().fold(0, |mask, (a, b)| {
        let different = u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
        let same = !(((different & LOW) + LOW) | different | LOW) >> 7;
        mask << 8 | u16::try_from(same.wrapping_mul(0x0102_0408_1020_4080) >> 56).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::{equal, portable, slashes};

    #[test]
    fn every_byte_is_looked_at() {
        let near = [b'/', b'.', b'0', 0, b'/' ^ 0x80, 0xff, b'a'];
        for at in 0..16 {
            for byte in near {
                let mut bytes = [b'.'; 16];
                bytes[(at + 7) % 16] = b'/';
                bytes[at] = byte;
                let expected = (0..16).filter(|at| bytes[*at] == b'/').fold(0, |mask, at| mask | 1u16 << at);
                assert_eq!((slashes(&bytes), portable(&bytes, &[b'/'; 16])), (expected, expected), "{bytes:?}");
                let mut other = bytes;
                other[at] ^= 0x80;
                assert_eq!((equal(&bytes, &other), portable(&bytes, &other)), (!(1 << at), !(1 << at)), "{bytes:?}");
            }
        }
    }
}
