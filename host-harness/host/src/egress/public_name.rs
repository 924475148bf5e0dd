//! Whether a name belongs to the public internet, by Mozilla's public suffix list.
//!
//! A public suffix is a name below which anybody can register names: `com`, `co.uk`, but also
//! `github.io`. The crate `psl` has the list compiled in. Names that the list doesn't know, such as
//! `localhost`, `corp.internal` and `printer.local`, aren't public.

use psl::Type;

/// Top-level domains of clouds that are kept apart from the internet, with a root of their own.
///
/// Source: the `partitions` data that the AWS SDKs share.
const ISOLATED_CLOUDS: [&str; 1] = ["scloud"];

/// Top-level domains on the list that have no hosts of the public internet: the one for the internet's own
/// infrastructure and home networks, and the one of Tor. Source: RFC 3172, RFC 8375, RFC 7686.
const NO_HOSTS: [&str; 2] = ["arpa", "onion"];

/// Longest name and longest label, in bytes. Source: RFC 1035, section 2.3.4.
const NAME: usize = 253;
const LABEL: usize = 63;

/// Why a name isn't one of the public internet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotPublic {
    #[error("a name has labels of letters, digits and hyphens")]
    Syntax,
    #[error("a name with letters of other alphabets can look like another")]
    OtherAlphabet,
    #[error("`{0}` doesn't belong to the public internet")]
    Private(String),
    #[error("anybody can register names below `{0}`")]
    Suffix(String),
}

/// Checks that a name can be that of a host on the public internet.
///
/// The name of a company's own service, such as `s3.amazonaws.com`, may have names of others below
/// it, but is the company's.
pub(crate) fn check_host(name: &str) -> Result<(), NotPublic> {
    match suffix(name)? {
        (suffix, Type::Icann) if suffix == name => Err(NotPublic::Suffix(name.to_owned())),
        _ => Ok(()),
    }
}

/// Checks that somebody has registered a name, so that all names below it are theirs.
pub(crate) fn check_registered(name: &str) -> Result<(), NotPublic> {
    match suffix(name)? {
        (suffix, _) if suffix == name => Err(NotPublic::Suffix(name.to_owned())),
        _ => Ok(()),
    }
}

/// The part of a name that somebody registered with a registry, if the list knows the registry. Names
/// below it are made up by its owner, or by the owner's customers.
pub(crate) fn registered(name: &str) -> Option<&str> {
    let mut below = name;
    loop {
        let suffix = psl::suffix(below.as_bytes())?;
        let at = name.len() - suffix.as_bytes().len();
        match suffix.typ()? {
            Type::Icann => {
                let labels = name.get(..at)?.strip_suffix('.')?;
                return name.get(labels.rfind('.').map_or(0, |dot| dot + 1)..);
            }
            // A company's own suffix is below one of a registry.
            Type::Private => below = name.get(at..)?.split_once('.')?.1,
        }
    }
}

/// The public suffix of a name, and whose it is.
fn suffix(name: &str) -> Result<(&str, Type), NotPublic> {
    let labels = || name.split('.');
    if name.len() > NAME || !labels().all(is_label) {
        return Err(NotPublic::Syntax);
    }
    // The list has such names in their own alphabets only.
    if labels().any(|label| label.starts_with("xn--")) {
        return Err(NotPublic::OtherAlphabet);
    }
    let top = labels().next_back().unwrap_or(name);
    if ISOLATED_CLOUDS.contains(&top) {
        return Ok((top, Type::Icann));
    }
    let suffix = psl::suffix(name.as_bytes()).filter(|_| !NO_HOSTS.contains(&top));
    suffix
        .and_then(|suffix| Some((str::from_utf8(suffix.as_bytes()).ok()?, suffix.typ()?)))
        .ok_or_else(|| NotPublic::Private(name.to_owned()))
}

fn is_label(label: &str) -> bool {
    let valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=LABEL).contains(&label.len())
        && label.chars().all(valid)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn private(name: &str) -> Result<(), NotPublic> {
        Err(NotPublic::Private(name.to_owned()))
    }

    fn suffix(name: &str) -> Result<(), NotPublic> {
        Err(NotPublic::Suffix(name.to_owned()))
    }

    #[test]
    fn names_that_somebody_registered_are_public() {
        for name in [
            "example.com",
            "example.co.uk",
            "amazonaws.com",
            "amazonaws.com.cn",
            "amazonwebservices.eu",
            "me.github.io",
        ] {
            assert_eq!(check_host(name), Ok(()), "{name}");
            assert_eq!(check_registered(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn names_that_only_some_network_knows_are_not_public() {
        for name in [
            "localhost",
            "redis",
            "printer.local",
            "vault.corp.internal",
            "metadata.google.internal",
            "db.prod.corp",
            "router.lan",
            "a.localhost",
            "a.b.test",
            "x.home.arpa",
            "1.0.0.127.in-addr.arpa",
            "hidden.onion",
        ] {
            assert_eq!(check_host(name), private(name), "{name}");
        }
    }

    #[test]
    fn a_suffix_of_a_registry_is_nobodys_host() {
        for name in ["com", "co.uk", "com.cn"] {
            assert_eq!(check_host(name), suffix(name), "{name}");
        }
    }

    #[test]
    fn a_company_may_have_a_host_whose_name_is_a_suffix_but_names_below_are_of_others() {
        for name in [
            "s3.amazonaws.com",
            "github.io",
            "s3.eu-west-1.amazonaws.com",
        ] {
            assert_eq!(check_host(name), Ok(()), "{name}");
            assert_eq!(check_registered(name), suffix(name), "{name}");
        }
    }

    #[test]
    fn a_name_is_written_in_ascii() {
        for name in [
            "",
            ".",
            "a..com",
            "-a.com",
            "a-.com",
            "a_b.com",
            "A.com",
            "a.com.",
            &format!("{}.com", "a".repeat(64)),
            &format!("{}com", "a.".repeat(126)),
        ] {
            assert_eq!(check_host(name), Err(NotPublic::Syntax), "{name}");
        }
        // A suffix of China's registry, as it is written in URLs.
        let name = "xn--55qx5d.cn";
        assert_eq!(check_registered(name), Err(NotPublic::OtherAlphabet));
    }

    #[test]
    fn the_top_level_domain_of_an_isolated_cloud_counts_as_public() {
        assert_eq!(check_registered("api.aws.scloud"), Ok(()));
        assert_eq!(check_host("scloud"), suffix("scloud"));
    }
}
