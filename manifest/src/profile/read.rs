//! A profile out of JSON.

use jsonc_parser::ast::{Array, Object, Value};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::{CollectOptions, parse_to_ast};

use super::{AppUse, Profile, ProfileError, Reason, VERSION};
use crate::json::STRICT;

type Read<T> = Result<T, ProfileError>;

impl Profile {
    /// Reads what [`Profile::to_json`] wrote.
    ///
    /// # Errors
    /// If the text is not JSON, is of another version, or lacks something that a profile has.
    pub fn parse(text: &str) -> Read<Self> {
        let parsed = parse_to_ast(text, &CollectOptions::default(), &STRICT)
            .map_err(|error| wrong(format!("not JSON: {}", error.kind().to_string().to_lowercase()), error.range()))?;
        let Some(Value::Object(object)) = parsed.value else {
            return Err(wrong("must be a JSON object", Range::new(0, 0)));
        };
        let version = number(&object, "version")?;
        if version != VERSION {
            let message = format!("must be of version {VERSION}, but is of version {version}");
            return Err(wrong(message, object.range));
        }
        let mut profile = Self { runs: number(&object, "runs")?, apps: Vec::new() };
        for app in list(&object, "apps")? {
            let app = app_use(app)?;
            profile.app(&app.slug).add(app);
        }
        Ok(profile)
    }
}

fn app_use(object: &Object<'_>) -> Read<AppUse> {
    let mut app = AppUse {
        slug: text(object, "slug")?.to_owned(),
        runs: number(object, "runs")?,
        early_runs: number(object, "early_runs")?,
        first_use_us: number(object, "first_use_us")?,
        hits: number(object, "hits")?,
        loads: number(object, "loads")?,
        load_us: number(object, "load_us")?,
        why: Vec::new(),
    };
    for why in list(object, "why")? {
        app.count(reason(why)?, number(why, "loads")?);
    }
    Ok(app)
}

fn reason(object: &Object<'_>) -> Read<Reason> {
    let of = || text(object, "of").map(str::to_owned);
    Ok(match text(object, "why")? {
        "call" => Reason::Call,
        "preload" => Reason::Preload(of()?),
        "required" => Reason::Required(of()?),
        "route" => Reason::Route(of()?),
        "start" => Reason::Start,
        "used" => Reason::Used(of()?),
        "warm-up" => Reason::WarmUp,
        other => return Err(wrong(format!("`{other}` is no reason for a load"), object.range)),
    })
}

fn text<'o>(object: &'o Object<'_>, key: &str) -> Read<&'o str> {
    match value(object, key)? {
        Value::StringLit(text) => Ok(&text.value),
        other => Err(wrong(format!("`{key}` must be a string"), other.range())),
    }
}

fn number(object: &Object<'_>, key: &str) -> Read<u64> {
    let value = value(object, key)?;
    let number = if let Value::NumberLit(number) = value { number.value.parse().ok() } else { None };
    number.ok_or_else(|| wrong(format!("`{key}` must be a whole number of 64 bits"), value.range()))
}

/// The objects of a list.
fn list<'o, 't>(object: &'o Object<'t>, key: &str) -> Read<Vec<&'o Object<'t>>> {
    let fail = |value: &Value<'_>| wrong(format!("`{key}` must be a list of objects"), value.range());
    let value = value(object, key)?;
    let Value::Array(Array { elements, .. }) = value else { return Err(fail(value)) };
    let objects =
        elements.iter().map(|item| if let Value::Object(object) = item { Ok(object) } else { Err(fail(item)) });
    objects.collect()
}

fn value<'o, 't>(object: &'o Object<'t>, key: &str) -> Read<&'o Value<'t>> {
    let entry = object.properties.iter().find(|entry| entry.name.as_str() == key);
    entry.map(|entry| &entry.value).ok_or_else(|| wrong(format!("`{key}` is missing"), object.range))
}

fn wrong(message: impl Into<String>, range: Range) -> ProfileError {
    ProfileError { message: message.into(), span: (range.start..range.end).into() }
}
