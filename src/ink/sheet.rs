//! What is on the sheet, as text: a line of strokes ([`jsonl`]), and below it the image under them, if there is one, its pixels
//! in hexadecimal.

use super::jsonl::{self, Drawing};
use super::{Image, PIXELS, Stroke};

/// The sheet as text. Points that are no numbers are left out.
pub fn to_text(strokes: &[Stroke], background: Option<&Image>) -> String {
    let finite = |stroke: &Stroke| {
        let points = stroke.points.iter().filter(|point| point.iter().all(|v| v.is_finite()));
        Stroke { points: points.copied().collect() }
    };
    let strokes = strokes.iter().map(finite).collect();
    let pixels: String = background.into_iter().flatten().map(|pixel| format!("{pixel:02x}")).collect();
    format!("{}\n{pixels}", jsonl::to_line(&Drawing { label: None, strokes }))
}

/// The sheet back; `None` if the text is none. Takes no more memory than some times the text.
pub fn from_text(text: &str) -> Option<(Vec<Stroke>, Option<Image>)> {
    let (line, pixels) = text.split_once('\n')?;
    let strokes = jsonl::parse_line(line).ok()?.strokes;
    if pixels.is_empty() {
        return Some((strokes, None));
    }
    let (digits, ragged) = pixels.as_bytes().as_chunks::<2>();
    if digits.len() != PIXELS || !ragged.is_empty() {
        return None;
    }
    let mut image = [0; PIXELS];
    for (pixel, [high, low]) in image.iter_mut().zip(digits) {
        let digit = |c: u8| char::from(c).to_digit(16);
        *pixel = (16 * digit(*high)? + digit(*low)?) as u8;
    }
    Some((strokes, Some(image)))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_sheet_comes_back() {
        let strokes = vec![Stroke { points: vec![[0.25, 0.123_456_7], [0.3, 0.9]] }, Stroke { points: vec![[0.5, 0.5]] }];
        let image: Image = std::array::from_fn(|i| (i % 256) as u8);
        for background in [None, Some(image)] {
            let text = to_text(&strokes, background.as_ref());
            assert_eq!(from_text(&text), Some((strokes.clone(), background)));
        }
        let whole = to_text(&strokes, Some(&image));
        for text in ["", "\n", "{}\n", &whole[..whole.len() - 1], &whole.replace("ff", "fg")] {
            assert_eq!(from_text(text), None, "{}", &text[..text.len().min(40)]);
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,200}\n[0-9a-f\u{e9}]{0,1600}") {
            let _ = from_text(&text);
        }
    }
}
