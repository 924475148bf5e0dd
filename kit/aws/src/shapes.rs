//! The structures of an API model, written shortly. What they expand to is what serde's derive needs:
//! members in PascalCase, and members of an output that may be absent.

/// Inputs of operations: `inputs! { GetJob -> GetJobOutput { job_name: String } }`.
#[macro_export]
macro_rules! inputs {
    ($($(#[$about:meta])* $input:ident -> $output:ident {
        $($(#[$member:meta])* $name:ident: $kind:ty),* $(,)?
    })*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, serde::Serialize)]
        #[serde(rename_all = "PascalCase")]
        pub struct $input {
            $($(#[$member])* pub $name: $kind,)*
        }

        $crate::operation!($input, $output);
    )*};
}

/// Outputs of operations and what they hold: `outputs! { GetJobOutput { name: Option<String> } }`.
#[macro_export]
macro_rules! outputs {
    ($($(#[$about:meta])* $output:ident {
        $($(#[$member:meta])* $name:ident: $kind:ty),* $(,)?
    })*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Default, serde::Deserialize)]
        #[serde(default, rename_all = "PascalCase")]
        pub struct $output {
            $($(#[$member])* pub $name: $kind,)*
        }
    )*};
}
