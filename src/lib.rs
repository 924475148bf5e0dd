//! t
#[cfg(target_family = "wasm")]
mod b { wit_bindgen::generate!({path:"wit", world:"plugin"}); }
