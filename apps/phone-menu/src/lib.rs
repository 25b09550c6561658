//! The store's app for a menu that callers choose from.
//!
//! `POST /phone-menu/call` is the call hook of a voice platform: it is answered with the menu, as jambonz's verbs.
//! `POST /phone-menu/choice` is told what the caller pressed. The menu itself is data in the manifest.

mod menu;

use bakehouse_sdk::{
    App, BoxError, Context, Error, Request, RequestExt, Response,
    page::{answer, page},
};
use serde_json::{Value, json};

use crate::menu::{Choice, Menu};

/// How long callers may take to choose, in seconds.
const PATIENCE: u32 = 8;

/// The app: its menu, and where the numbers are.
#[derive(Debug)]
pub struct PhoneMenu {
    ctx: Context,
    menu: Menu,
}

/// Makes the app.
///
/// # Errors
///
/// If the manifest's metadata is no menu.
#[expect(clippy::unused_async, reason = "a constructor is async, also where it awaits nothing")]
pub async fn app(ctx: &Context) -> Result<PhoneMenu, BoxError> {
    Ok(PhoneMenu { ctx: ctx.clone(), menu: Menu::parse(ctx.metadata())? })
}

impl App for PhoneMenu {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        let verbs = match request.pattern() {
            Some("/phone-menu/call") => self.ask(&self.menu.greeting),
            Some("/phone-menu/choice") => self.follow(&Pressed::read(request.body())?)?,
            _ => return Ok(page("Phone menu", "/app-assets/phone-menu/icon.svg", include_str!("home.html"))),
        };
        Ok(answer("application/json", verbs.to_string()))
    }
}

/// What is read of the hook that tells what a caller pressed.
#[derive(serde::Deserialize)]
struct Pressed {
    /// Blank if the caller pressed nothing in time.
    #[serde(default)]
    digits: String,
}

impl Pressed {
    fn read(body: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(body).map_err(|error| {
            Error::bad_request(format!("the body must be a choice such as `{{\"digits\": \"1\"}}`: {error}"))
        })
    }
}

impl PhoneMenu {
    /// Says something, then what there is to choose, and waits for a digit.
    fn ask(&self, first: &str) -> Value {
        json!([
            {
                "verb": "gather", "actionHook": "/phone-menu/choice", "input": ["digits"], "numDigits": 1,
                "timeout": PATIENCE, "say": { "text": format!("{first} {}", self.menu.prompt()) },
            },
        ])
    }

    fn follow(&self, pressed: &Pressed) -> Result<Value, Error> {
        match self.menu.get(&pressed.digits) {
            Some(choice) => self.take(choice),
            // Who presses nothing is let go rather than asked for ever.
            None if pressed.digits.is_empty() => {
                Ok(json!([{ "verb": "say", "text": "Please call again." }, { "verb": "hangup" }]))
            }
            None => Ok(self.ask("There is no such choice.")),
        }
    }

    fn take(&self, choice: &Choice) -> Result<Value, Error> {
        let says = choice.says.iter().map(|text| json!({ "verb": "say", "text": text }));
        let mut verbs: Vec<Value> = says.collect();
        if let Some(key) = choice.key() {
            let target = json!([{ "type": "phone", "number": self.ctx.setting(key)? }]);
            verbs.push(json!({ "verb": "dial", "target": target, "answerOnBridge": true }));
        }
        verbs.push(json!({ "verb": "hangup" }));
        Ok(verbs.into())
    }
}
