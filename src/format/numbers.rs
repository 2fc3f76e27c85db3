//! Arrays of numbers as they lie in files and in messages' payloads: little-endian, four bytes each.

/// f32 from bytes; a ragged end is left out.
pub fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

/// u32 from bytes; a ragged end is left out.
pub fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

/// A number as a sentence says it, to six decimals. Rust's own way is exact, and 20 kB larger in every WebAssembly module.
pub fn decimal(x: f32) -> String {
    if !x.is_finite() {
        return if x.is_nan() { "NaN" } else { "infinity" }.into();
    }
    let millionths = (f64::from(x.abs()) * 1e6).round() as u64;
    let sign = if x < 0.0 { "-" } else { "" };
    let digits = format!("{sign}{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
    digits.trim_end_matches('0').trim_end_matches('.').into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_said_as_people_write_them() {
        for (number, text) in [
            (0.1, "0.1"),
            (100.0, "100"),
            (-1.0, "-1"),
            (0.001, "0.001"),
            (-2.5, "-2.5"),
            (0.0, "0"),
            (1_234_567.0, "1234567"),
            (1e-9, "0"),
            (f32::NAN, "NaN"),
            (f32::INFINITY, "infinity"),
        ] {
            assert_eq!(decimal(number), text);
        }
    }
}
