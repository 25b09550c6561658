//! Meeting codes: `abc-defg-hij`, ten letters in groups of three, four and three.

/// How many letters each group of a code has.
const GROUPS: [usize; 3] = [3, 4, 3];

/// How many letters there are to choose from.
const LETTERS: u64 = 26;

/// The groups of a code that nobody can guess: one of 26^10.
///
/// # Errors
/// If the system gives no random bytes.
pub(crate) fn random() -> Result<[String; 3], getrandom::Error> {
    Ok(from_number(getrandom::u64()?))
}

/// Whether the parts of a path are a code's groups.
pub(crate) fn is_code(groups: [&str; 3]) -> bool {
    groups
        .iter()
        .zip(GROUPS)
        .all(|(group, length)| group.len() == length && group.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// The number's last ten digits to the base 26, as letters.
fn from_number(mut number: u64) -> [String; 3] {
    let mut letter = || {
        let digit = u8::try_from(number % LETTERS).unwrap_or_default();
        number /= LETTERS;
        char::from(b'a' + digit)
    };
    GROUPS.map(|length| (0..length).map(|_| letter()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_their_form() {
        for number in [0, 1, 25, 26, u64::from(u32::MAX), u64::MAX] {
            let code = from_number(number);
            assert!(is_code(code.each_ref().map(String::as_str)), "{code:?}");
        }
        assert_eq!(from_number(0), ["aaa", "aaaa", "aaa"]);
        assert_eq!(from_number(26 + 1), ["bba", "aaaa", "aaa"]);
    }

    #[test]
    fn other_forms_are_no_codes() {
        for groups in [["abc", "defg", "hi"], ["abc", "defg", "hij2"], ["abc", "de1g", "hij"], ["ABC", "defg", "hij"]] {
            assert!(!is_code(groups), "{groups:?}");
        }
    }

    #[test]
    fn codes_differ() {
        assert_ne!(random().unwrap(), random().unwrap());
    }
}
