//! The arguments of `apps!`: tokens to what is wanted.

use proc_macro2::{Span, TokenStream, TokenTree};

use crate::expand::Error;

/// What a call asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// `apps!(table)`: the table alone.
    Table,
    /// `apps!()`: the registry and the typed functions too.
    Registry,
}

/// Reads the arguments; an error is at the first token that is not accepted.
pub(crate) fn parse(input: TokenStream) -> Result<Wanted, Error> {
    let mut tokens = input.into_iter();
    match tokens.next() {
        None => return Ok(Wanted::Registry),
        Some(TokenTree::Ident(word)) if word == "table" => {}
        Some(token) => return Err(unexpected(&token)),
    }
    tokens.next().map_or(Ok(Wanted::Table), |token| Err(unexpected(&token)))
}

fn unexpected(token: &TokenTree) -> Error {
    let found = match token {
        TokenTree::Group(_) => "a group".to_owned(),
        token => format!("`{token}`"),
    };
    Error {
        span: token.span(),
        message: format!("{found} is not an argument of `apps!`"),
        help: "write `apps!()` for the table and the apps, or `apps!(table)` for the table alone".to_owned(),
    }
}

impl Error {
    /// An error about the call as a whole.
    pub(crate) fn at_call(message: String, help: &str) -> Self {
        Self { span: Span::call_site(), message, help: help.to_owned() }
    }
}
