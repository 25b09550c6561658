//! The arguments of `route!` and `asset!`: a literal, then values by name.

use proc_macro2::{Delimiter, Literal, Span, TokenStream, TokenTree};

use crate::expand::Error;

/// What a call is given.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// The text of the literal.
    pub(crate) text: String,
    /// Where the literal is.
    pub(crate) span: Span,
    /// The values, in the order of the call.
    pub(crate) values: Vec<Value>,
}

/// `name = value`
#[derive(Debug)]
pub(crate) struct Value {
    pub(crate) name: Name,
    /// An expression.
    pub(crate) tokens: TokenStream,
}

/// The name of a value.
#[derive(Debug)]
pub(crate) struct Name {
    pub(crate) text: String,
    /// Whether it is an identifier, which has no `-`.
    pub(crate) is_ident: bool,
    pub(crate) span: Span,
}

impl Arguments {
    /// Reads the arguments of the macro called `name`.
    pub(crate) fn parse(input: TokenStream, name: &str) -> Result<Self, Error> {
        let mut tokens: Vec<TokenTree> = input.into_iter().collect();
        if tokens.is_empty() {
            return Err(wants_literal(Span::call_site(), name));
        }
        let rest = tokens.split_off(1);
        let first = tokens.first().and_then(literal).ok_or_else(|| {
            let span = tokens.first().map_or_else(Span::call_site, TokenTree::span);
            wants_literal(span, name)
        })?;
        let text = text_of(&first)?;
        let values = match rest.split_first() {
            None => Vec::new(),
            Some((comma, rest)) if is_punct(comma, ',') => values(rest, name)?,
            Some((token, _)) => return Err(unexpected(token, name)),
        };
        Ok(Self { text, span: first.span(), values })
    }
}

impl Name {
    /// Whether a param of that name is meant.
    pub(crate) fn means(&self, param: &str) -> bool {
        self.text == param || (self.is_ident && self.text == param.replace('-', "_"))
    }
}

/// A token as a literal; a `macro_rules!` macro that hands one on puts it into a group without delimiters.
fn literal(token: &TokenTree) -> Option<Literal> {
    match token {
        TokenTree::Literal(literal) => Some(literal.clone()),
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            let mut tokens = group.stream().into_iter();
            tokens.next().as_ref().and_then(literal).filter(|_| tokens.next().is_none())
        }
        _ => None,
    }
}

/// The text of a string literal. One with escape sequences is refused: neither patterns nor paths need any.
fn text_of(literal: &Literal) -> Result<String, Error> {
    let written = literal.to_string();
    let raw = written.strip_prefix('r').map(|raw| raw.trim_matches('#'));
    let inner = raw.unwrap_or(&written).strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    match inner {
        Some(text) if raw.is_some() || !text.contains('\\') => Ok(text.to_owned()),
        Some(_) => {
            let message = "an escape sequence can't stand here".to_owned();
            let help = format!("write the text as it is, as a raw literal if need be: `r{written}`");
            Err(Error { span: literal.span(), message, help })
        }
        None => {
            let help = "write it as a string literal: `\"…\"`".to_owned();
            Err(Error { span: literal.span(), message: format!("`{written}` is not a text"), help })
        }
    }
}

/// The values behind the first comma. A comma ends a value only where a name and `=` follow, or nothing: one may be inside
/// an expression such as `parse::<A, B>()`.
fn values(tokens: &[TokenTree], macro_name: &str) -> Result<Vec<Value>, Error> {
    let mut values = Vec::new();
    let mut rest = tokens;
    while let Some(first) = rest.first() {
        let Some(name) = begins_value(rest).then(|| name(first)).flatten() else {
            return Err(unexpected(first, macro_name));
        };
        let behind = rest.get(2..).unwrap_or_default();
        let is_end = |idx: &usize| is_comma_before_value(behind.get(*idx..).unwrap_or_default());
        let end = (0..behind.len()).find(is_end).unwrap_or(behind.len());
        let (value, left) = behind.split_at(end);
        if value.is_empty() {
            let help = format!("write `{} = …`", name.text);
            return Err(Error { span: name.span, message: format!("`{}` has no value", name.text), help });
        }
        values.push(Value { name, tokens: value.iter().cloned().collect() });
        rest = left.get(1..).unwrap_or_default();
    }
    Ok(values)
}

fn is_comma_before_value(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [comma, rest @ ..] if is_punct(comma, ',') && (rest.is_empty() || begins_value(rest)))
}

/// Whether a name and `=` come first, and not `==` or `=>`.
fn begins_value(tokens: &[TokenTree]) -> bool {
    let [first, TokenTree::Punct(equals), rest @ ..] = tokens else { return false };
    let is_longer = rest.first().is_some_and(|next| is_punct(next, '=') || is_punct(next, '>'));
    name(first).is_some() && equals.as_char() == '=' && !(is_longer && equals.spacing() == proc_macro2::Spacing::Joint)
}

fn name(token: &TokenTree) -> Option<Name> {
    let (text, is_ident) = match token {
        TokenTree::Ident(ident) => {
            let text = ident.to_string();
            (text.strip_prefix("r#").unwrap_or(&text).to_owned(), true)
        }
        token => (text_of(&literal(token)?).ok()?, false),
    };
    Some(Name { text, is_ident, span: token.span() })
}

fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

fn wants_literal(span: Span, name: &str) -> Error {
    Error { span, message: format!("`{name}` wants a literal first"), help: example(name) }
}

fn unexpected(token: &TokenTree, name: &str) -> Error {
    let found = match token {
        TokenTree::Group(_) => "a group".to_owned(),
        token => format!("`{token}`"),
    };
    let message = format!("{found} is not expected here, but values by name are");
    Error { span: token.span(), message, help: example(name) }
}

fn example(name: &str) -> String {
    let call = if name == "asset!" { "asset!(\"icon.svg\")" } else { "route!(\"/users/{id}\", id = 7)" };
    format!("an example is `{call}`")
}
