//! The app that hosts of every kind carry: `/greeting/{language}/{person}` greets, with a `title` if the query has one.

use std::collections::BTreeMap;

use bakehouse_sdk::{App, BoxError, Context, Error, Request, RequestExt, Response, http::StatusCode, page::answer};

/// The app: what one says in each language, as the manifest's metadata has it.
#[derive(Debug)]
pub struct Greeting {
    languages: BTreeMap<String, String>,
}

/// Makes the app.
///
/// # Errors
///
/// If the manifest's metadata is not a table of languages.
#[expect(clippy::unused_async, reason = "a constructor is async, also where it awaits nothing")]
pub async fn app(ctx: &Context) -> Result<Greeting, BoxError> {
    let mut metadata: BTreeMap<String, BTreeMap<String, String>> = serde_json::from_str(ctx.metadata())?;
    let languages = metadata.remove("languages").ok_or("the manifest's `[metadata]` must have `languages`")?;
    Ok(Greeting { languages })
}

impl App for Greeting {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        let (Some(language), Some(person)) = (request.param("language"), request.param("person")) else {
            return Ok(text(self.known()));
        };
        let (language, person) = (language.decode()?, person.decode()?);
        let greeting = self.languages.get(&*language).ok_or_else(|| {
            let detail = format!("nobody is greeted in `{language}`, but in {}", self.known());
            Error::new(StatusCode::NOT_FOUND, detail)
        })?;
        let title = request.query().get("title").map(|title| format!("{title} ")).unwrap_or_default();
        Ok(text(format!("{greeting}, {title}{person}!")))
    }
}

impl Greeting {
    fn known(&self) -> String {
        self.languages.keys().map(|language| format!("`{language}`")).collect::<Vec<_>>().join(", ")
    }
}

fn text(text: String) -> Response {
    answer("text/plain; charset=utf-8", text)
}
