//! A host that bakes cal.com's tree in its build script, to be asked what the command is asked.

/// What was baked.
pub mod store {
    bakehouse_macros::apps!(table);
}

/// The host manifest that was baked; none where cal.com's tree was not to be had.
pub const MANIFEST: Option<&str> = option_env!("BAKED_MANIFEST");

/// Why it was not to be had.
pub const WHY_NOT: Option<&str> = option_env!("NOT_BAKED");
