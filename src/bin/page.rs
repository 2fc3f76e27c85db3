//! The page's program; everything is in `inkling::web::page`.

fn main() {
    #[cfg(all(target_arch = "wasm32", feature = "page"))]
    inkling::web::page::run();
}
