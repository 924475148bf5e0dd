//! The patterns of API models, which are Java's, as those of the `regex` crate.

/// Every character beyond the first 65,536, as Java's patterns write it: by halves of UTF-16.
const ASTRAL: (&str, &str) = (r"\uD800\uDC00-\uDBFF\uDFFF", r"\x{10000}-\x{10FFFF}");

/// A pattern without its anchors: it is that of the whole text in any case. What `.*` stands for is the
/// caller's, as Java's dot stops at other line ends than that of `regex`.
pub(crate) fn translated(pattern: &str, any: &str) -> String {
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    let pattern = pattern.strip_suffix('$').unwrap_or(pattern);
    pattern
        .replace(ASTRAL.0, ASTRAL.1)
        .replace(r"\d", "[0-9]")
        // The models have `\w` within brackets, too.
        .replace(r"[\w", "[A-Za-z0-9_")
        .replace(r"\w", "[A-Za-z0-9_]")
        .replace(".*", any)
}
