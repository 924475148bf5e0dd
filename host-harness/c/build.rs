//! Gives the library its name among libraries: a program that is linked with it by a path records this name
//! and not the path.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libpolysync_host.so");
    }
}
