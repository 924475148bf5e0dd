//! The header of `libpolysync_host`, by cbindgen.

use std::path::Path;

use anyhow::{Context, Result};
use cbindgen::{Builder, Config, EnumConfig, Language, RenameRule};

/// The text of the header.
pub(crate) fn header(repository: &Path) -> Result<String> {
    let sources = repository.join("host-harness/c/src");
    let config = Config {
        language: Language::C,
        cpp_compat: true,
        include_guard: Some("POLYSYNC_HOST_H".to_owned()),
        usize_is_size_t: true,
        documentation: true,
        header: Some(
            "/* libpolysync_host: runs job type plugins. Made of host-harness/c/src by polysync-bindings: \
             change it there. */"
                .to_owned(),
        ),
        enumeration: EnumConfig {
            rename_variants: RenameRule::QualifiedScreamingSnakeCase,
            ..EnumConfig::default()
        },
        ..Config::default()
    };
    let bindings = Builder::new()
        .with_config(config)
        .with_src(sources.join("abi.rs"))
        .with_src(sources.join("status.rs"))
        .generate()
        .context("cannot read host-harness/c/src")?;
    let mut text = Vec::new();
    bindings.write(&mut text);
    String::from_utf8(text).context("the header is not UTF-8")
}
