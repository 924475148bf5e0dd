//! Writes the files: `cargo run -p polysync-bindings`.

use std::path::Path;

use anyhow::{Context, Result};

fn main() -> Result<()> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for made in polysync_bindings::make(&repository)? {
        let path = repository.join(&made.path);
        std::fs::write(&path, made.content)
            .with_context(|| format!("cannot write {}", made.path.display()))?;
        println!("{}", made.path.display());
    }
    Ok(())
}
