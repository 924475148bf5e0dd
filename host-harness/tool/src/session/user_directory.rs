//! Where the tool keeps files in a user's home.
//!
//! `directories` was considered: it ignores the `XDG_` variables on macOS, where users of command-line
//! tools set them too.

use std::env;
use std::path::PathBuf;

/// The folder `polysync` in the directory that a variable names, or else in `fallback` below the user's
/// home; none if neither is known.
pub(crate) fn user_directory(variable: &str, fallback: &str) -> Option<PathBuf> {
    let given = env::var_os(variable).map(PathBuf::from);
    let of_home = || Some(PathBuf::from(env::var_os("HOME")?).join(fallback));
    given
        .filter(|path| path.is_absolute())
        .or_else(|| of_home().filter(|path| path.is_absolute()))
        .map(|path| path.join("polysync"))
}
