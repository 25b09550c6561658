//! One attempt to sign in: the two secrets that tie a callback to the browser that began it, and the cookie that keeps them.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::provider::Provider;

/// How long a person may take at the provider, in seconds.
const LIFETIME: u32 = 600;

/// The secrets of an attempt, both hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attempt {
    /// Goes to the provider and comes back with the callback: 128 random bits.
    pub(crate) state: String,
    /// The PKCE code verifier (RFC 7636), shown to the provider only when the code is exchanged: 256 random bits.
    verifier: String,
}

impl Attempt {
    /// An attempt that nobody can guess.
    ///
    /// # Errors
    /// If the system gives no random bytes.
    pub(crate) fn begin() -> Result<Self, getrandom::Error> {
        Ok(Self { state: hex(random::<16>()?), verifier: hex(random::<32>()?) })
    }

    /// Whether this is the attempt's state. How long the answer takes does not tell how much of a guess is right.
    pub(crate) fn has_state(&self, state: &str) -> bool {
        let pairs = self.state.bytes().zip(state.bytes());
        self.state.len() == state.len() && pairs.fold(0, |differences, (own, other)| differences | (own ^ other)) == 0
    }

    /// What the provider is told of the verifier: its SHA-256.
    pub(crate) fn challenge(&self) -> String {
        base64url(&Sha256::digest(&self.verifier))
    }

    /// The `Set-Cookie` value that lets this browser, and no script in it, finish the attempt.
    pub(crate) fn cookie(&self, provider: &Provider, secure: bool) -> String {
        let Self { state, verifier } = self;
        let (name, path) = (cookie_name(provider), provider.callback());
        let secure = if secure { "; Secure" } else { "" };
        // Lax, not Strict: the callback is a navigation that begins on the provider's site.
        format!("{name}={state}.{verifier}; Path={path}; Max-Age={LIFETIME}; HttpOnly; SameSite=Lax{secure}")
    }

    /// The attempt that a `Cookie` header holds for the provider.
    pub(crate) fn from_cookies(header: &str, provider: &Provider) -> Option<Self> {
        let name = cookie_name(provider);
        let mut cookies = header.split(';').filter_map(|cookie| cookie.trim().split_once('='));
        let (_, value) = cookies.find(|(found, _)| *found == name)?;
        let (state, verifier) = value.split_once('.')?;
        let whole = is_hex(state, 32) && is_hex(verifier, 64);
        whole.then(|| Self { state: state.to_owned(), verifier: verifier.to_owned() })
    }
}

fn cookie_name(provider: &Provider) -> String {
    format!("oauth_{}", provider.name)
}

fn random<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

fn hex<const N: usize>(bytes: [u8; N]) -> String {
    bytes.iter().fold(String::with_capacity(2 * N), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Base64 with the URL-safe alphabet and no padding (RFC 4648, section 5).
fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, idx| bits << 8 | usize::from(chunk.get(idx).copied().unwrap_or(0)));
        // n bytes fill n + 1 characters; what is left of the four would be padding.
        text.extend((0..=chunk.len()).map(|idx| char::from(ALPHABET[bits >> (18 - 6 * idx) & 63])));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn google() -> &'static Provider {
        Provider::named("google").unwrap()
    }

    #[test]
    fn attempts_are_random_and_of_full_length() {
        let (one, other) = (Attempt::begin().unwrap(), Attempt::begin().unwrap());
        assert!(is_hex(&one.state, 32) && is_hex(&one.verifier, 64), "{one:?}");
        assert_ne!(one.state, other.state);
        assert_ne!(one.verifier, other.verifier);
        assert_ne!(one.verifier[..32], one.state);
    }

    #[test]
    fn a_state_is_its_attempts_alone() {
        let attempt = Attempt { state: "0a1b".to_owned(), verifier: String::new() };
        for (state, expected) in
            [("0a1b", true), ("0a1c", false), ("1a1b", false), ("0a1", false), ("0a1b0", false), ("", false)]
        {
            assert_eq!(attempt.has_state(state), expected, "{state}");
        }
    }

    /// RFC 7636, appendix B.
    #[test]
    fn the_challenge_is_that_of_the_rfc() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned();
        let attempt = Attempt { state: String::new(), verifier };
        assert_eq!(attempt.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    /// RFC 4648, section 10, without its padding.
    #[test]
    fn base64_of_every_rest() {
        let cases = [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("foobar", "Zm9vYmFy")];
        for (bytes, text) in cases {
            assert_eq!(base64url(bytes.as_bytes()), text);
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn a_cookie_comes_back_among_others() {
        let attempt = Attempt::begin().unwrap();
        let cookie = attempt.cookie(google(), true);
        let (pair, attributes) = cookie.split_once("; ").unwrap();
        assert_eq!(attributes, "Path=/oauth/google/callback; Max-Age=600; HttpOnly; SameSite=Lax; Secure");
        let header = format!("theme=dark; {pair}; b=c");
        assert_eq!(Attempt::from_cookies(&header, google()), Some(attempt));
    }

    #[test]
    fn cookies_of_another_form_are_none() {
        let pair = Attempt::begin().unwrap().cookie(google(), false);
        let pair = pair.split_once(';').unwrap().0.to_owned();
        let short = &pair[..pair.len() - 1];
        for header in ["", "oauth_google=", "oauth_google=.", short, &pair.to_uppercase(), &pair.replace('.', "")] {
            assert_eq!(Attempt::from_cookies(header, google()), None, "{header}");
        }
        assert_eq!(Attempt::from_cookies(&pair, Provider::named("zoom").unwrap()), None);
    }
}
