//! @name@: greets whoever comes by, at `/@slug@/{guest}`.

use bakehouse_sdk::{App, BoxError, Context, Error, Request, RequestExt, Response, page::answer};

/// The app. What it keeps between requests belongs here.
#[derive(Debug)]
pub struct Greeter;

/// Makes the app, once, when it is first needed.
pub async fn app(_ctx: &Context) -> Result<Greeter, BoxError> {
    Ok(Greeter)
}

impl App for Greeter {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        let guest = request.param("guest").ok_or_else(Error::not_found)?;
        let greeting = format!("Hello, {}!\n", guest.decode()?);
        Ok(answer("text/plain; charset=utf-8", greeting))
    }
}

#[cfg(test)]
mod tests {
    use bakehouse_sdk::{block_on, testing};

    use super::*;

    async fn get(path: &str) -> Result<Response, Error> {
        let request = testing::routed("/@slug@/{guest}", "GET", path);
        let app = app(&Context::for_tests("@slug@")).await?;
        app.handle(request).await
    }

    #[test]
    fn guests_are_greeted_by_name() {
        let response = block_on(get("/@slug@/Ada%20L.")).expect("an answer");
        let body = response.body().as_bytes().expect("a body that is whole");
        assert_eq!(body, "Hello, Ada L.!\n");
    }
}
