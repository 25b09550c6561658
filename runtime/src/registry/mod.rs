//! Loads apps.
