//! Whether a file is a component, by its first bytes and the sizes of its sections.

use crate::loading::error::NotAComponent;

/// Refuses a file that doesn't begin as a component does.
///
/// # Errors
///
/// What the file is instead.
pub(crate) fn check(bytes: &[u8]) -> Result<(), NotAComponent> {
    match bytes {
        [] => Err(NotAComponent::Empty),
        // Version 13 in layer 1: the binary format of components.
        [0, b'a', b's', b'm', 0x0d, 0, 1, 0, ..] => Ok(()),
        [0, b'a', b's', b'm', 1, 0, 0, 0, ..] => Err(NotAComponent::CoreModule),
        [0, b'a', b's', b'm', _, _, _, _, ..] => Err(NotAComponent::UnknownVersion),
        // The engine keeps machine code in ELF files.
        [0x7f, b'E', b'L', b'F', ..] => Err(NotAComponent::Precompiled),
        _ if is_text(bytes) => Err(NotAComponent::Text),
        _ => Err(NotAComponent::Other),
    }
}

/// Whether a component ends within one of its sections. Each is a byte, a size in LEB128, and as
/// many bytes.
pub(crate) fn is_truncated(component: &[u8]) -> bool {
    let mut rest = component.get(8..).unwrap_or_default();
    while let Some((_section, sized)) = rest.split_first() {
        let mut size = 0;
        let mut digits = sized.iter().zip((0..32).step_by(7));
        let last = digits.by_ref().find_map(|(byte, shift)| {
            size |= u64::from(byte & 0x7f) << shift;
            (byte & 0x80 == 0).then_some(shift / 7)
        });
        let Some(last) = last else {
            // Either there are no more bytes, or it is no size at all.
            return sized.len() < 5;
        };
        let end = usize::try_from(size)
            .ok()
            .and_then(|size| size.checked_add(last + 1));
        match end.and_then(|end| sized.get(end..)) {
            Some(next) => rest = next,
            None => return true,
        }
    }
    false
}

/// Whether a file begins as the text format does: with a parenthesis or a comment.
fn is_text(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start();
    text.starts_with(b"(") || text.starts_with(b";;")
}
