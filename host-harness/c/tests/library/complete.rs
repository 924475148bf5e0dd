//! What the library can do is documented, and is in the libraries on it.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::library::{Library, call, connection_new, host_new, slot_new};

/// The calls on a handle, as the error of an unknown one lists them.
fn calls(handle: u64) -> Vec<String> {
    let (_, error) = call(handle, &json!({ "call": "?" })).expect_err("it is unknown");
    listed(&error)
}

/// The words in backticks of an error's message, but for the one that is wrong.
fn listed(error: &Value) -> Vec<String> {
    let message = error["message"].as_str().expect("a message");
    let quoted = message.split('`').skip(1).step_by(2);
    quoted.filter(|it| *it != "?").map(str::to_owned).collect()
}

/// The text of all files of a folder with this extension.
fn sources(folder: &str, extension: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path());
    files
        .filter(|file| file.extension().is_some_and(|it| it == extension))
        .map(|file| fs::read_to_string(file).expect("text"))
        .collect()
}

#[test]
fn each_call_is_in_the_readme_and_in_the_libraries_for_net_and_python() {
    let mut library = Library::new();
    let slot = library.slot(test_components::misbehaving());
    let document = json!({ "connection": { "region": "r" } });
    let connection = connection_new(slot, &document).expect("a connection");
    let empty = slot_new(library.host).expect("a slot");

    let calls = [library.host, empty, connection].map(calls).concat();
    assert!(calls.len() > 20, "{calls:?}");
    let readme = sources(".", "md");
    let csharp = sources("../dotnet/Polysync.JobTypes", "cs");
    let python = sources("../python/polysync_host", "py");
    for call in calls {
        assert!(
            readme.contains(&format!(r#"{{"call": "{call}""#)),
            "README.md lacks {call}"
        );
        for (language, text) in [("C#", &csharp), ("Python", &python)] {
            assert!(
                text.contains(&format!(r#""{call}""#)),
                "{language} lacks {call}"
            );
        }
    }
}

#[test]
fn each_limit_can_be_set_from_net() {
    let (_, error) = host_new(r#"{"limits": {"?": 1}}"#).expect_err("it is unknown");
    let limits = listed(&error);
    assert!(limits.len() > 20, "{limits:?}");
    let csharp = sources("../dotnet/Polysync.JobTypes", "cs");
    for limit in limits {
        assert!(
            csharp.contains(&format!(r#"Write(json, "{limit}""#)),
            "C# lacks {limit}"
        );
    }
}
