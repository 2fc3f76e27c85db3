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

/// A size to two digits, as people read it: `0.047`, `12`, and far from 1 `2.1×10⁻⁶`.
pub fn significant(x: f32) -> String {
    if !x.is_finite() {
        return if x.is_nan() {
            "NaN"
        } else if x > 0.0 {
            "∞"
        } else {
            "−∞"
        }
        .into();
    }
    if x == 0.0 {
        return "0".into();
    }
    // Rounded first: 0.0999 is 0.10.
    let text = format!("{x:.1e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-3..4).contains(&exponent) {
        return format!("{x:.*}", (1 - exponent).max(0) as usize);
    }
    let raised = |c: char| match c {
        '-' => '⁻',
        digit => ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][digit.to_digit(10).unwrap_or(0) as usize],
    };
    format!("{digits}×10{}", exponent.to_string().chars().map(raised).collect::<String>())
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

    #[test]
    fn sizes_have_two_digits_wherever_they_are() {
        for (number, text) in [
            (0.0, "0"),
            (0.047, "0.047"),
            (0.0999, "0.10"),
            (2.304, "2.3"),
            (-0.5, "-0.50"),
            (12.3, "12"),
            (145.9, "146"),
            (0.00123, "0.0012"),
            (0.000123, "1.2×10⁻⁴"),
            (2.14e-12, "2.1×10⁻¹²"),
            (145_407.0, "1.5×10⁵"),
            (f32::NAN, "NaN"),
            (f32::INFINITY, "∞"),
        ] {
            assert_eq!(significant(number), text);
        }
    }
}
