//! The decoders of `tests/decoders`, for libFuzzer. Each target is one of them.

#[path = "../../tests/decoders/mod.rs"]
pub mod decoders;

pub use libfuzzer_sys;

/// The decoder of that name.
pub fn decoder(name: &str) -> &'static decoders::Decoder {
    decoders::ALL.iter().find(|decoder| decoder.name == name).expect("there is a decoder of that name")
}

/// The target that gives its bytes to the decoder of that name.
#[macro_export]
macro_rules! target {
    ($name:literal) => {
        $crate::libfuzzer_sys::fuzz_target!(|bytes: &[u8]| { $crate::decoder($name).check(bytes) });
    };
}
