//! Which network addresses a name may resolve to.
//!
//! A grant names a host, but it is an address that is connected to. Whoever controls the name's DNS
//! could let it point into the host's own network or at a cloud's metadata service, which gives out
//! credentials. So a name may only resolve to addresses of the public internet, unless its grant
//! says otherwise ([`AddressPolicy`]). The special ranges are those of the IANA registries
//! (RFC 6890, with RFC 6598, RFC 6052, RFC 3056, RFC 4291 and RFC 9637).
//!
//! The standard library's `is_global` isn't stable, and it isn't enough: the policy distinguishes
//! private from link-local addresses, and classifies the IPv4 address in an IPv6 address.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Host;

/// Which addresses the name in a request's URL may resolve to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AddressPolicy {
    /// The public internet only.
    Public,
    /// The public internet, and private networks: RFC 1918, RFC 4193 and RFC 6598.
    Private,
    /// This machine only: for the name `localhost`, and for the machine's own addresses.
    Loopback,
}

impl AddressPolicy {
    /// The policy for a host that is granted, with or without its private addresses.
    pub(crate) fn for_host(host: &Host<impl AsRef<str>>, private: bool) -> Self {
        let is_this_machine = match host {
            Host::Domain(name) => name.as_ref() == "localhost",
            Host::Ipv4(address) => is_loopback((*address).into()),
            Host::Ipv6(address) => is_loopback((*address).into()),
        };
        match (is_this_machine, private) {
            (true, _) => Self::Loopback,
            (false, true) => Self::Private,
            (false, false) => Self::Public,
        }
    }

    /// Whether a request may connect to an address. Link-local and reserved addresses,
    /// and the metadata services of clouds, are never allowed.
    #[must_use]
    pub fn allows(self, address: IpAddr) -> bool {
        match AddressKind::classify(address) {
            AddressKind::Public => matches!(self, Self::Public | Self::Private),
            AddressKind::Private => self == Self::Private,
            AddressKind::Loopback => self == Self::Loopback,
            AddressKind::LinkLocal | AddressKind::Metadata | AddressKind::Reserved => false,
        }
    }
}

fn is_loopback(address: IpAddr) -> bool {
    AddressKind::classify(address) == AddressKind::Loopback
}

/// What an address is for, by the IANA registries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AddressKind {
    Public,
    Private,
    Loopback,
    /// Link-local addresses, the metadata services of most clouds among them.
    LinkLocal,
    /// Metadata services of clouds outside of the link-local range.
    Metadata,
    /// Multicast, unspecified, documentation, and all else that isn't a host on the internet.
    Reserved,
}

impl fmt::Display for AddressKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "a public address",
            Self::Private => "an address of a private network",
            Self::Loopback => "an address of this machine",
            Self::LinkLocal => "a link-local address",
            Self::Metadata => "an address of a cloud's metadata service",
            Self::Reserved => "a reserved address",
        })
    }
}

impl AddressKind {
    pub(crate) fn classify(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::classify_v4(address),
            IpAddr::V6(address) => Self::classify_v6(address),
        }
    }

    fn classify_v4(address: Ipv4Addr) -> Self {
        match address.octets() {
            [127, ..] => Self::Loopback,
            [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Self::Private,
            [169, 254, ..] => Self::LinkLocal,
            // Alibaba Cloud, in the shared address space, and Azure, in the public one.
            [100, 100, 100, 200] | [168, 63, 129, 16] => Self::Metadata,
            [100, 64..=127, ..] => Self::Private,
            [0, ..]
            | [192, 0, 0, _]
            | [192, 0, 2, _]
            | [192, 88, 99, _]
            | [198, 18..=19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
            | [224..=255, ..] => Self::Reserved,
            _ => Self::Public,
        }
    }

    fn classify_v6(address: Ipv6Addr) -> Self {
        let [.., a, b] = address.segments();
        let embedded = |high: u16, low: u16| {
            let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
            Self::classify_v4(Ipv4Addr::new(a, b, c, d))
        };
        match address.segments() {
            [0, 0, 0, 0, 0, 0, 0, 1] => Self::Loopback,
            // IPv4-mapped, NAT64 and 6to4: the embedded IPv4 address decides.
            [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => embedded(a, b),
            [0x2002, high, low, ..] => embedded(high, low),
            // AWS's instance services, and Google Cloud.
            [0xfd00, 0x0ec2, ..] | [0xfd20, 0x00ce, ..] => Self::Metadata,
            [0xfe80..=0xfebf, ..] => Self::LinkLocal,
            [0xfc00..=0xfdff, ..] => Self::Private,
            // Teredo and the rest of the protocol assignments; documentation.
            [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => {
                Self::Reserved
            }
            [0x2000..=0x3fff, ..] => Self::Public,
            _ => Self::Reserved,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn kind(address: &str) -> AddressKind {
        AddressKind::classify(address.parse().expect("an address"))
    }

    #[test]
    fn addresses_of_the_internet_are_public() {
        for address in [
            "1.1.1.1",
            "52.94.133.131",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "2600:1f18::1",
            "64:ff9b::345e:8583",
            "2a05:d000::1",
        ] {
            assert_eq!(kind(address), AddressKind::Public, "{address}");
        }
    }

    #[test]
    fn addresses_of_private_networks_need_a_grant_that_says_so() {
        for address in [
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:0a00:0001::1",
            "fc00::1",
            "fd12:3456::1",
        ] {
            let address: IpAddr = address.parse().expect("an address");
            assert_eq!(
                AddressKind::classify(address),
                AddressKind::Private,
                "{address}"
            );
            assert!(!AddressPolicy::Public.allows(address), "{address}");
            assert!(AddressPolicy::Private.allows(address), "{address}");
            assert!(!AddressPolicy::Loopback.allows(address), "{address}");
        }
    }

    #[test]
    fn metadata_services_and_reserved_addresses_are_never_allowed() {
        for address in [
            "169.254.169.254",
            "169.254.170.2",
            "100.100.100.200",
            "168.63.129.16",
            "::ffff:168.63.129.16",
            "fd20:ce::254",
            "::ffff:169.254.169.254",
            "64:ff9b::169.254.169.254",
            "2002:a9fe:a9fe::1",
            "fd00:ec2::254",
            "fe80::1",
            "0.0.0.0",
            "0.1.2.3",
            "::",
            "::127.0.0.1",
            "224.0.0.1",
            "239.255.255.255",
            "255.255.255.255",
            "240.0.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "203.0.113.9",
            "ff02::1",
            "fec0::1",
            "2001:db8::1",
            "2001::1",
            "3fff::1",
            "64:ff9b:1::1",
        ] {
            let address: IpAddr = address.parse().expect("an address");
            for policy in [
                AddressPolicy::Public,
                AddressPolicy::Private,
                AddressPolicy::Loopback,
            ] {
                assert!(!policy.allows(address), "{address} by {policy:?}");
            }
        }
    }

    #[test]
    fn loopback_is_for_localhost_only() {
        for address in ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"] {
            let address: IpAddr = address.parse().expect("an address");
            assert!(AddressPolicy::Loopback.allows(address), "{address}");
            assert!(!AddressPolicy::Public.allows(address), "{address}");
            assert!(!AddressPolicy::Private.allows(address), "{address}");
        }
    }
}
