//! The menu, as the manifest's metadata has it: JSON in, a checked [`Menu`] out.

use bakehouse_sdk::BoxError;

/// What callers hear and choose from.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Menu {
    /// What they hear first.
    pub(crate) greeting: String,
    /// At least one; no two of one digit.
    pub(crate) choices: Vec<Choice>,
}

/// One thing to choose: it says something, or leads to a number, or both.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Choice {
    /// One of the digits.
    pub(crate) digit: String,
    /// What the menu calls it: `For <name>, press 1.`
    pub(crate) name: String,
    /// What is said when it is chosen.
    pub(crate) says: Option<String>,
    /// The environment variable with the number that the call goes to; it begins as all of the app's do.
    pub(crate) number: Option<String>,
}

/// How the variables of the app's settings begin.
const PREFIX: &str = "PHONE_MENU_";

impl Menu {
    /// Reads the metadata.
    ///
    /// # Errors
    /// If something is missing there, or wrong.
    pub(crate) fn parse(metadata: &str) -> Result<Self, BoxError> {
        let menu: Self = serde_json::from_str(metadata)?;
        if menu.choices.is_empty() {
            return Err("the manifest's `[metadata]` must have `choices`".into());
        }
        for (idx, choice) in menu.choices.iter().enumerate() {
            choice.check().map_err(|wrong| format!("choice `{}` {wrong}", choice.digit))?;
            if menu.choices.iter().take(idx).any(|other| other.digit == choice.digit) {
                return Err(format!("choice `{}` is there twice", choice.digit).into());
            }
        }
        Ok(menu)
    }

    /// The choice of that digit.
    pub(crate) fn get(&self, digit: &str) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.digit == digit)
    }

    /// What there is to choose, as a sentence each.
    pub(crate) fn prompt(&self) -> String {
        let choices = self.choices.iter().map(|choice| format!("For {}, press {}.", choice.name, choice.digit));
        choices.collect::<Vec<_>>().join(" ")
    }
}

impl Choice {
    fn check(&self) -> Result<(), String> {
        if !matches!(self.digit.as_bytes(), [b'0'..=b'9']) {
            return Err("must have one digit".to_owned());
        }
        if self.says.is_none() && self.number.is_none() {
            return Err("must have something it `says`, or a `number` to lead to".to_owned());
        }
        match self.key() {
            Some("") | None if self.number.is_some() => {
                Err(format!("must have a `number` that begins with `{PREFIX}`"))
            }
            _ => Ok(()),
        }
    }

    /// The number's key in the app's settings.
    pub(crate) fn key(&self) -> Option<&str> {
        self.number.as_deref()?.strip_prefix(PREFIX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_which_choice_is_wrong() {
        for (choices, expected) in [
            ("", "must have `choices`"),
            (r#"{"digit": "1", "name": "a"}"#, "choice `1` must have something it `says`"),
            (r#"{"digit": "12", "name": "a", "says": "b"}"#, "choice `12` must have one digit"),
            (r##"{"digit": "#", "name": "a", "says": "b"}"##, "choice `#` must have one digit"),
            (r#"{"digit": "1", "name": "a", "number": "HOME"}"#, "choice `1` must have a `number` that begins with"),
            (r#"{"digit": "1", "name": "a", "number": "PHONE_MENU_"}"#, "choice `1` must have a `number` that begins"),
            (r#"{"digit": "1", "name": "a", "says": "b"}, {"digit": "1", "name": "c", "says": "d"}"#, "is there twice"),
            (r#"{"digit": "1"}"#, "missing field `name`"),
        ] {
            let error = Menu::parse(&format!(r#"{{"greeting": "Hello.", "choices": [{choices}]}}"#)).unwrap_err();
            assert!(error.to_string().contains(expected), "{choices}: {error}");
        }
    }
}
