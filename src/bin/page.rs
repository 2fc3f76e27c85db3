//! The page's program; everything is in `inkling::web::page`.

#![forbid(unsafe_code)]

fn main() {
    #[cfg(all(target_arch = "wasm32", feature = "page"))]
    inkling::web::page::run();
}
