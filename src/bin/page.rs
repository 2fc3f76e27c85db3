//! The page's program; everything is in `inkling::web::page`.

fn main() {
    #[cfg(target_arch = "wasm32")]
    inkling::web::page::run();
}
