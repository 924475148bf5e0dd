//! Whether a file is a component, by its first bytes and the sizes of its sections.

use wasmparser::{Chunk, Parser, Payload};

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

/// Whether a component ends in the middle of one of its sections.
pub(crate) fn is_truncated(component: &[u8]) -> bool {
    let mut parser = Parser::new(0);
    let mut rest = component;
    loop {
        let next = match parser.parse(rest, false) {
            // Bytes are missing; if none are left, the last section is complete.
            Ok(Chunk::NeedMoreData(_)) => return !rest.is_empty(),
            Ok(Chunk::Parsed { consumed, payload }) => match payload {
                // The parser doesn't check whether these sections are complete.
                Payload::ModuleSection {
                    unchecked_range, ..
                }
                | Payload::ComponentSection {
                    unchecked_range, ..
                } => component.get(unchecked_range.end..),
                _ => rest.get(consumed..),
            },
            // Invalid, which the engine explains better.
            Err(_) => return false,
        };
        match next {
            Some(next) => rest = next,
            None => return true,
        }
    }
}

/// Whether a file begins as the text format does: with a parenthesis or a comment.
fn is_text(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start();
    text.starts_with(b"(") || text.starts_with(b";;")
}
