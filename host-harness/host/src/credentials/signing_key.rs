//! The signing key of Signature Version 4, and how it is derived from the secret without leaving
//! anything of it in memory that is freed.
//!
//! `aws-sigv4` derives keys too, but leaves the secret and each key on the way in memory that it
//! frees. Here they are overwritten (`zeroize`), and so are the states of the hashes, by features of
//! `hmac` and `sha2`. What isn't: copies in registers and on the stack, and the copy that a plugin
//! gets; the engine frees the host's side of that, and resets a plugin's memory before the next call
//! uses it.

use std::fmt;

use hmac::digest::FixedOutput;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The bytes of a key. In a box, so that moving the key copies none of them.
type Bytes = Box<Zeroizing<[u8; 32]>>;

/// A key that is good for one service, in one region, on one day. Overwritten when it is dropped.
pub(crate) struct SigningKey(Bytes);

impl SigningKey {
    /// HMAC(HMAC(HMAC(HMAC("AWS4" + secret, date), region), service), "aws4_request"), as AWS's
    /// documentation of Signature Version 4 defines it; `date` is `YYYYMMDD`.
    pub(crate) fn derive(secret: &str, date: &str, region: &str, service: &str) -> Self {
        const PREFIX: &[u8] = b"AWS4";
        // At its full size from the start, because growing frees what was there.
        let mut first = Zeroizing::new(Vec::with_capacity(PREFIX.len() + secret.len()));
        first.extend_from_slice(PREFIX);
        first.extend_from_slice(secret.as_bytes());
        let of_date = mac(&first, date);
        let of_region = mac(&**of_date, region);
        let of_service = mac(&**of_region, service);
        Self(mac(&**of_service, "aws4_request"))
    }

    /// The 32 bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &**self.0
    }
}

fn mac(key: &[u8], text: &str) -> Bytes {
    let mut bytes = Bytes::default();
    // An HMAC takes a key of any length.
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) {
        mac.update(text.as_bytes());
        mac.finalize_into((&mut **bytes).into());
    }
    bytes
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}
