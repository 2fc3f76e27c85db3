//! What lies between two digits: a stroke that turns one into the other, for those who want to see where a network changes its
//! mind.

use crate::ink::Stroke;
use crate::pen;

/// Points of a stroke.
const POINTS: u16 = 64;

/// The stroke that is `share` (0 to 1) of the way from one digit to the other, each as it is most often written with one stroke,
/// on a sheet 100 wide and 140 high. `None` if one of them is no digit.
pub fn between(from: u8, to: u8, share: f32) -> Option<Stroke> {
    let (from, to) = (even(&written(from)?), even(&written(to)?));
    let mix = |(a, b): (&[f32; 2], &[f32; 2])| [0, 1].map(|axis| a[axis] + share * (b[axis] - a[axis]));
    Some(Stroke { points: from.iter().zip(&to).map(mix).collect() })
}

fn written(digit: u8) -> Option<Stroke> {
    let forms = pen::digits().ok()?;
    let of_one_stroke = forms.iter().rev().filter(|form| form.label == Some(digit) && form.strokes.len() == 1);
    let form = of_one_stroke.max_by_key(|form| form.weight)?;
    Some(pen::curve(&form.strokes[0]))
}

/// So many points at equal distances along the stroke.
fn even(stroke: &Stroke) -> Vec<[f32; 2]> {
    let gap = |from: [f32; 2], to: [f32; 2]| (to[0] - from[0]).hypot(to[1] - from[1]);
    let whole: f32 = stroke.points.windows(2).map(|pair| gap(pair[0], pair[1])).sum();
    let mut pieces = stroke.points.windows(2);
    let (mut piece, mut passed) = (pieces.next(), 0.0);
    let point = |i| {
        let wanted = whole * f32::from(i) / f32::from(POINTS - 1);
        loop {
            let Some([from, to]) = piece else { return stroke.points.last().copied().unwrap_or_default() };
            let length = gap(*from, *to);
            if passed + length >= wanted {
                let part = (wanted - passed) / length.max(f32::MIN_POSITIVE);
                return [0, 1].map(|axis| from[axis] + part * (to[axis] - from[axis]));
            }
            passed += length;
            piece = pieces.next();
        }
    };
    (0..POINTS).map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink;

    #[test]
    fn every_digit_has_a_form_of_one_stroke() {
        for digit in 0..10 {
            let stroke = between(digit, (digit + 1) % 10, 0.0).unwrap_or_else(|| panic!("{digit}"));
            let plain = written(digit).unwrap();
            assert_eq!(stroke.points.len(), usize::from(POINTS));
            // The ends are the form's, and the points are equally far from each other, but where a corner is cut.
            for (got, want) in [(0, 0), (stroke.points.len() - 1, plain.points.len() - 1)] {
                let (got, want) = (stroke.points[got], plain.points[want]);
                assert!((got[0] - want[0]).hypot(got[1] - want[1]) < 0.01, "{digit}: {got:?} {want:?}");
            }
            let gaps: Vec<f32> = stroke.points.windows(2).map(|p| (p[1][0] - p[0][0]).hypot(p[1][1] - p[0][1])).collect();
            let longest = gaps.iter().copied().fold(0.0, f32::max);
            assert!(gaps.iter().all(|gap| *gap > 0.3 * longest), "{digit}: {gaps:?}");
        }
        assert_eq!(between(1, 10, 0.5), None);
    }

    #[test]
    fn half_way_is_neither() {
        let image = |share| ink::image(&[between(1, 7, share).unwrap()]).unwrap();
        assert_ne!(image(0.0), image(0.5));
        assert_ne!(image(0.5), image(1.0));
        let [from, half, to] = [0.0, 0.5, 1.0].map(|share| between(1, 7, share).unwrap().points[0]);
        assert!((half[0] - (from[0] + to[0]) / 2.0).abs() < 1e-4 && (half[1] - (from[1] + to[1]) / 2.0).abs() < 1e-4);
    }
}
