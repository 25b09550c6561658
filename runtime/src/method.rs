//! Request methods as bits of a set.

use std::fmt;

/// The methods of the IANA HTTP Method Registry (RFC 9110, section 18.2, and `QUERY`), in the order of their bits.
const NAMES: [&str; 41] = [
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "CONNECT",
    "OPTIONS",
    "TRACE",
    "PATCH",
    "ACL",
    "BASELINE-CONTROL",
    "BIND",
    "CHECKIN",
    "CHECKOUT",
    "COPY",
    "LABEL",
    "LINK",
    "LOCK",
    "MERGE",
    "MKACTIVITY",
    "MKCALENDAR",
    "MKCOL",
    "MKREDIRECTREF",
    "MKWORKSPACE",
    "MOVE",
    "ORDERPATCH",
    "PRI",
    "PROPFIND",
    "PROPPATCH",
    "QUERY",
    "REBIND",
    "REPORT",
    "SEARCH",
    "UNBIND",
    "UNCHECKOUT",
    "UNLINK",
    "UNLOCK",
    "UPDATE",
    "UPDATEREDIRECTREF",
    "VERSION-CONTROL",
    "PURGE",
];

/// A request method.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Method(u8);

impl Method {
    /// `GET`
    pub const GET: Self = Self(0);
    /// `HEAD`
    pub const HEAD: Self = Self(1);
    /// `POST`
    pub const POST: Self = Self(2);
    /// `PUT`
    pub const PUT: Self = Self(3);
    /// `DELETE`
    pub const DELETE: Self = Self(4);
    /// `OPTIONS`
    pub const OPTIONS: Self = Self(6);
    /// `PATCH`
    pub const PATCH: Self = Self(8);
    /// Any method outside the registry; only a pattern without `methods` serves it.
    pub const OTHER: Self = Self(63);

    /// The method of that name, which is case-sensitive; [`Method::OTHER`] for a name outside the registry.
    pub fn new(name: &str) -> Self {
        Self::known(name).unwrap_or(Self::OTHER)
    }

    /// The method of that name if the registry has it.
    pub fn known(name: &str) -> Option<Self> {
        let bit = NAMES.iter().position(|known| *known == name)?;
        u8::try_from(bit).ok().map(Self)
    }

    /// The names of every method that a manifest may use.
    pub fn names() -> &'static [&'static str] {
        &NAMES
    }

    /// Its name; `*` for [`Method::OTHER`].
    pub fn name(self) -> &'static str {
        NAMES.get(usize::from(self.0)).copied().unwrap_or("*")
    }
}

impl fmt::Debug for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of methods.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Methods(u64);

impl Methods {
    /// Every method, those outside the registry too.
    pub const ALL: Self = Self(u64::MAX);
    /// No method.
    pub const NONE: Self = Self(0);

    /// The set with those bits, as a table has it.
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// Its bits, as a table has them.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Whether the method is in the set.
    pub const fn contains(self, method: Method) -> bool {
        self.0 & (1 << method.0) != 0
    }

    /// Both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The methods of the set that have a name, in the order of the registry's bits.
    pub fn iter(self) -> impl Iterator<Item = Method> {
        (0..NAMES.len())
            .filter_map(|bit| u8::try_from(bit).ok().map(Method))
            .filter(move |method| self.contains(*method))
    }
}

impl From<Method> for Methods {
    fn from(method: Method) -> Self {
        Self(1 << method.0)
    }
}

impl FromIterator<Method> for Methods {
    fn from_iter<I: IntoIterator<Item = Method>>(methods: I) -> Self {
        methods.into_iter().fold(Self::NONE, |set, method| set.union(method.into()))
    }
}

impl fmt::Debug for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALL { f.write_str("ALL") } else { f.debug_set().entries(self.iter()).finish() }
    }
}
