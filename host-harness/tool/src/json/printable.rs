//! JSON whose text is fit for a terminal: each character that could change how a terminal shows the
//! others is an escape, which a program reads as that character.
//!
//! `serde_json` escapes only what JSON forbids. C1 controls and marks that turn the direction of
//! writing are allowed there, and a terminal obeys them.

use std::io::{self, Write};

use polysync_host::text::is_unsafe;
use serde_json::ser::Formatter;

/// Writes strings with escapes, and all else as `F` does.
pub(crate) struct Printable<F>(pub(crate) F);

macro_rules! as_inner {
    ($($name:ident($($argument:ident: $type:ty),*);)*) => {
        $(
            fn $name<W: ?Sized + Write>(&mut self, writer: &mut W $(, $argument: $type)*) -> io::Result<()> {
                self.0.$name(writer $(, $argument)*)
            }
        )*
    };
}

impl<F: Formatter> Formatter for Printable<F> {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_unsafe) {
            let (start, from) = rest.split_at(at);
            writer.write_all(start.as_bytes())?;
            let mut characters = from.chars();
            for c in characters.by_ref().take(1) {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
            rest = characters.as_str();
        }
        writer.write_all(rest.as_bytes())
    }

    as_inner! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde_json::Serializer;
    use serde_json::ser::{CompactFormatter, PrettyFormatter};

    use super::*;

    const TEXT: &str = "a\u{9b}\u{9b}b\u{202e}ü\n\u{e0041}";

    fn written(formatter: impl Formatter, value: impl Serialize) -> String {
        let mut bytes = Vec::new();
        let mut serializer = Serializer::with_formatter(&mut bytes, formatter);
        value.serialize(&mut serializer).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn what_a_terminal_would_obey_is_an_escape_and_reads_back_as_it_was() {
        let json = written(Printable(CompactFormatter), [TEXT]);
        assert_eq!(json, r#"["a\u009b\u009bb\u202eü\n\udb40\udc41"]"#);
        let read: [String; 1] = serde_json::from_str(&json).unwrap();
        assert_eq!(read, [TEXT]);
    }

    #[test]
    fn the_layout_is_that_of_serde_json() {
        let value = serde_json::json!({ "a": [1, { "b": null }], "c": [], "d": "e" });
        assert_eq!(
            written(Printable(PrettyFormatter::new()), &value),
            serde_json::to_string_pretty(&value).unwrap()
        );
    }
}
