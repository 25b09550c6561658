//! The providers that people can sign in with.

/// A provider's part of the authorization code flow (RFC 6749, section 4.1).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Provider {
    /// Its name in paths and settings.
    pub(crate) name: &'static str,
    /// Where people are sent to sign in.
    pub(crate) authorize: &'static str,
    /// What is asked for, separated by spaces; blank where the provider's own console settles it.
    pub(crate) scope: &'static str,
}

/// Every provider, sorted by name.
pub(crate) const PROVIDERS: [Provider; 2] = [
    Provider {
        name: "google",
        authorize: "https://accounts.google.com/o/oauth2/v2/auth",
        scope: "openid email https://www.googleapis.com/auth/calendar.events",
    },
    Provider { name: "zoom", authorize: "https://zoom.us/oauth/authorize", scope: "" },
];

impl Provider {
    /// The provider of that name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        PROVIDERS.iter().find(|provider| provider.name == name)
    }

    /// The key of its client id in the app's settings.
    pub(crate) fn client_id_key(&self) -> String {
        format!("{}_client_id", self.name)
    }

    /// The path that the provider sends people back to.
    pub(crate) fn callback(&self) -> String {
        format!("/oauth/{}/callback", self.name)
    }
}
