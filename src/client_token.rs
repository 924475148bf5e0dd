//! Client request tokens. The same GUID gives the same token, so that SageMaker carries out a call
//! once, even if the call is repeated after a crash or a lost answer.

use job_type_kit::Guid;

/// The token of a start.
pub fn start_token(guid: &Guid) -> String {
    format!("polysync-{}", guid.as_str())
}

/// The token of a stop.
pub fn cancel_token(guid: &Guid) -> String {
    format!("polysync-cancel-{}", guid.as_str())
}

/// The token of a stop that follows one under [`cancel_token`] without effect. The state that it is to
/// end is a part of it: when the execution was modified, in milliseconds since 1970.
pub fn cancel_again_token(guid: &Guid, modified_at: u64) -> String {
    format!("{}-{modified_at}", cancel_token(guid))
}

/// The token of a retry.
pub fn retry_token(guid: &Guid) -> String {
    format!("polysync-retry-{}", guid.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_call_has_its_own_token_of_the_apis_length() {
        let guid = Guid::parse("0F8FAD5B-D9CB-469F-A165-70867728950E").unwrap();
        let tokens = [
            start_token(&guid),
            cancel_token(&guid),
            cancel_again_token(&guid, u64::MAX),
            retry_token(&guid),
        ];
        assert_eq!(
            tokens,
            [
                "polysync-0f8fad5b-d9cb-469f-a165-70867728950e",
                "polysync-cancel-0f8fad5b-d9cb-469f-a165-70867728950e",
                "polysync-cancel-0f8fad5b-d9cb-469f-a165-70867728950e-18446744073709551615",
                "polysync-retry-0f8fad5b-d9cb-469f-a165-70867728950e",
            ]
        );
        for token in tokens {
            // API model: `IdempotencyToken`.
            assert!((32..=128).contains(&token.len()), "{token}");
        }
    }
}
