//! The structures of an API model, written shortly. What they expand to is what serde's derive needs:
//! members in PascalCase, and members of an output that may be absent.

/// Inputs of operations: `inputs! { GetJobs -> GetJobsOutput { max_results: u32; next_token: String } }`.
/// What comes after the semicolon may be absent: it is an `Option` and isn't sent without a value.
#[macro_export]
macro_rules! inputs {
    ($($(#[$about:meta])* $input:ident -> $output:ident {
        $($(#[$member:meta])* $name:ident: $kind:ty),*
        $(; $($(#[$about_optional:meta])* $optional:ident: $optional_kind:ty),* $(,)?)?
    })*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, serde::Serialize)]
        #[serde(rename_all = "PascalCase")]
        pub struct $input {
            $($(#[$member])* pub $name: $kind,)*
            $($(
                $(#[$about_optional])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $optional: Option<$optional_kind>,
            )*)?
        }

        $crate::operation!($input, $output);
    )*};
}

/// Outputs of operations and what they hold: `outputs! { GetJobOutput { name: Option<String> } }`. A member
/// may name the function that reads it: `created_on: Option<u64> as "epoch_seconds"`.
#[macro_export]
macro_rules! outputs {
    ($($(#[$about:meta])* $output:ident {
        $($(#[$member:meta])* $name:ident: $kind:ty $(as $reader:literal)?),* $(,)?
    })*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Default, serde::Deserialize)]
        #[serde(default, rename_all = "PascalCase")]
        pub struct $output {
            $(
                $(#[$member])*
                $(#[serde(deserialize_with = $reader)])?
                pub $name: $kind,
            )*
        }
    )*};
}
