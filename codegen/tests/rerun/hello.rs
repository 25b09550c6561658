use bakehouse_sdk::{App, BoxError, Context, Error, Request, Response};

pub struct Hello;

impl App for Hello {
    async fn handle(&self, _: Request) -> Result<Response, Error> {
        Err(Error::not_found())
    }
}

pub async fn app(_: &Context) -> Result<Hello, BoxError> {
    Ok(Hello)
}

pub fn not_async(_: &Context) -> Result<Hello, BoxError> {
    Ok(Hello)
}
