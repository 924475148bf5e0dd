//! What is checked in is what would be made now.

use std::path::Path;

#[test]
fn the_files_for_other_languages_are_those_of_todays_contract_and_library() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for made in polysync_bindings::make(&repository).expect("the files") {
        let is = std::fs::read_to_string(repository.join(&made.path)).unwrap_or_default();
        assert!(
            is == made.content,
            "{} is out of date; run `cargo run -p polysync-bindings`",
            made.path.display()
        );
    }
}
