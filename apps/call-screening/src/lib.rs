//! The store's app that puts calls through when their owner is free.
//!
//! `POST /call-screening/call` is the call hook of a voice platform: it says who calls, and is answered with what to do, a
//! list of jambonz's verbs.

use bakehouse_sdk::{
    App, BoxError, Context, Error, Request, RequestExt, Response, Uses,
    http::StatusCode,
    interfaces::Calendar,
    page::{answer, page},
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// How long a phone rings before the caller is told that nobody answers, in seconds.
const RING: u32 = 25;

/// The app: where its settings are, and the way to the calendar.
#[derive(Debug)]
pub struct CallScreening {
    ctx: Context,
    calendar: Uses<dyn Calendar>,
}

/// Makes the app.
///
/// # Errors
///
/// If the manifest does not say that it uses `caldav-calendar`.
#[expect(clippy::unused_async, reason = "a constructor is async, also where it awaits nothing")]
pub async fn app(ctx: &Context) -> Result<CallScreening, BoxError> {
    Ok(CallScreening { ctx: ctx.clone(), calendar: ctx.uses("caldav-calendar")? })
}

impl App for CallScreening {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match request.pattern() {
            Some("/call-screening/call") => {
                self.check_key(&request)?;
                let verbs = self.screen(&Call::read(request.body())?, Timestamp::now()).await?;
                Ok(answer("application/json", verbs.to_string()))
            }
            _ => Ok(page("Call screening", "/app-assets/call-screening/icon.svg", include_str!("home.html"))),
        }
    }
}

/// What is read of a call hook.
#[derive(serde::Deserialize)]
struct Call {
    /// The caller's number; blank if it is withheld.
    #[serde(default)]
    from: String,
}

impl Call {
    fn read(body: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(body).map_err(|error| {
            Error::bad_request(format!("the body must be a call such as `{{\"from\": \"+39061234\"}}`: {error}"))
        })
    }
}

impl CallScreening {
    /// What to do with a call at that time.
    async fn screen(&self, call: &Call, now: Timestamp) -> Result<Value, Error> {
        let number = self.number()?;
        if self.is_blocked(&call.from) {
            return Ok(json!([{ "verb": "sip:decline", "status": 603, "reason": "Decline" }]));
        }
        let put_through = |tag: Value| {
            json!([
                { "verb": "tag", "data": tag },
                { "verb": "dial", "target": [{ "type": "phone", "number": number }], "answerOnBridge": true, "timeout": RING },
                { "verb": "say", "text": "Nobody answers. Please call again later." },
                { "verb": "hangup" },
            ])
        };
        Ok(match self.is_busy(now).await {
            Ok(true) => json!([
                { "verb": "say", "text": "The person you call is in a meeting. Please call again later." },
                { "verb": "hangup" },
            ]),
            Ok(false) => put_through(json!({ "calendar": "free" })),
            // A call that is not put through is lost; what is wrong with the calendar is told with the call's tag.
            Err(error) => put_through(json!({ "calendar": error.to_string() })),
        })
    }

    async fn is_busy(&self, now: Timestamp) -> Result<bool, Error> {
        let second = now.as_second();
        let busy = self.calendar.get().await?.busy(second, second + 1).await?;
        Ok(!busy.is_empty())
    }

    /// Lets nobody but the voice platform learn the number.
    fn check_key(&self, request: &Request) -> Result<(), Error> {
        let (key, given) = (self.ctx.setting("key")?, request.query().get("key").unwrap_or_default());
        // How long the answer takes does not tell how much of a guess is right.
        let differences =
            key.bytes().zip(given.bytes()).fold(0, |differences, (own, other)| differences | (own ^ other));
        if key.len() != given.len() || differences != 0 {
            return Err(Error::new(StatusCode::FORBIDDEN, "`key` must be what `CALL_SCREENING_KEY` says"));
        }
        Ok(())
    }

    /// The number that calls go to.
    fn number(&self) -> Result<String, Error> {
        let number = self.ctx.setting("number")?;
        let digits = number.strip_prefix('+').unwrap_or_default();
        if !(6..=15).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            let detail = "`CALL_SCREENING_NUMBER` must be a number as E.164 has it: `+390612345678`";
            return Err(Error::not_configured(detail));
        }
        Ok(number)
    }

    fn is_blocked(&self, caller: &str) -> bool {
        let blocked = self.ctx.setting("blocked").unwrap_or_default();
        !caller.is_empty() && blocked.split(',').any(|number| number.trim() == caller)
    }
}
