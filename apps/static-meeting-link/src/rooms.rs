//! The rooms, as the setting has them: a text in, checked [`Rooms`] out.

use bakehouse_sdk::http::Uri;

/// How the setting is to be written.
const FORM: &str = "`name=https://…` for each room, separated by commas, the name of small letters, digits and `-`";

/// A room and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Room {
    /// Small letters, digits and `-`.
    pub(crate) name: String,
    /// An absolute https URL.
    pub(crate) link: String,
}

/// The rooms in the order of the setting: at least one, no two of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rooms(Vec<Room>);

impl Rooms {
    /// Reads the setting.
    ///
    /// # Errors
    /// A sentence on the first room that is wrong. It does not repeat the room's link.
    pub(crate) fn parse(setting: &str) -> Result<Self, String> {
        let mut rooms: Vec<Room> = Vec::new();
        for written in setting.split(',').map(str::trim).filter(|written| !written.is_empty()) {
            let room = room(written)?;
            if rooms.iter().any(|known| known.name == room.name) {
                return Err(format!("room `{}` is there twice", room.name));
            }
            rooms.push(room);
        }
        if rooms.is_empty() { Err(format!("there is no room: write {FORM}")) } else { Ok(Self(rooms)) }
    }

    /// The room of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&Room> {
        self.0.iter().find(|room| room.name == name)
    }

    /// Every room; the first is where people meet unless they are told otherwise.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Room> {
        self.0.iter()
    }
}

fn room(written: &str) -> Result<Room, String> {
    let (name, link) = written.split_once('=').ok_or_else(|| format!("a room has no name: write {FORM}"))?;
    let (name, link) = (name.trim(), link.trim());
    let is_name = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    if name.is_empty() || !name.bytes().all(is_name) {
        return Err(format!("`{name}` is no name for a room: write {FORM}"));
    }
    if !is_link(link) {
        return Err(format!("the link of room `{name}` must be an https address without a user name"));
    }
    Ok(Room { name: name.to_owned(), link: link.to_owned() })
}

fn is_link(link: &str) -> bool {
    let Ok(uri) = link.parse::<Uri>() else { return false };
    let has_user = uri.authority().is_none_or(|authority| authority.as_str().contains('@'));
    uri.scheme_str() == Some("https") && !has_user
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_keep_their_order() {
        let rooms =
            Rooms::parse(" standup=https://meet.example/a?b=c , 2nd-floor = https://meet.example:8443,").unwrap();
        let found: Vec<_> = rooms.iter().map(|room| (room.name.as_str(), room.link.as_str())).collect();
        assert_eq!(found, [("standup", "https://meet.example/a?b=c"), ("2nd-floor", "https://meet.example:8443")]);
        assert_eq!(rooms.get("2nd-floor").map(|room| room.name.as_str()), Some("2nd-floor"));
        assert_eq!(rooms.get("attic"), None);
    }

    #[test]
    fn says_which_room_is_wrong() {
        for (setting, expected) in [
            (" ,", "there is no room"),
            ("https://meet.example", "a room has no name"),
            ("Attic=https://meet.example", "`Attic` is no name for a room"),
            ("=https://meet.example", "`` is no name for a room"),
            ("a=http://meet.example", "the link of room `a` must be an https address"),
            ("a=javascript:alert(1)", "the link of room `a` must be an https address"),
            ("a=https://anna:secret@meet.example", "the link of room `a` must be an https address"),
            ("a=https://meet.example/b c", "the link of room `a` must be an https address"),
            ("a=https://meet.example,a=https://meet.example", "room `a` is there twice"),
        ] {
            let error = Rooms::parse(setting).unwrap_err();
            assert!(error.starts_with(expected) && !error.contains("secret"), "{setting}: {error}");
        }
    }
}
