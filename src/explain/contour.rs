//! Lines of equal height of a surface, by marching squares: where a line enters a square of the grid and where it leaves it.

/// A piece of a line, inside one square.
pub type Piece = [[f64; 2]; 2];

/// Where the surface has this height, between `x[0]` and `x[1]` and between `y[0]` and `y[1]`, on a grid of `cells` x `cells`
/// squares. Between two corners the surface is taken to be straight.
pub fn line(surface: impl Fn([f64; 2]) -> f64, x: [f64; 2], y: [f64; 2], cells: u16, height: f64) -> Vec<Piece> {
    let at = |range: [f64; 2], i: u16| range[0] + (range[1] - range[0]) * f64::from(i) / f64::from(cells);
    let corner = |i, j| [at(x, i), at(y, j)];
    let side = usize::from(cells) + 1;
    let rows = (0..=cells).flat_map(|j| (0..=cells).map(move |i| (i, j)));
    let above: Vec<f64> = rows.map(|(i, j)| surface(corner(i, j)) - height).collect();
    let mut pieces = Vec::new();
    for j in 0..cells {
        for i in 0..cells {
            let around = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)];
            let values = around.map(|(i, j)| above[usize::from(j) * side + usize::from(i)]);
            let points = around.map(|(i, j)| corner(i, j));
            let crossings =
                [(0, 1), (1, 2), (2, 3), (3, 0)].map(|(a, b)| crossing([points[a], points[b]], [values[a], values[b]]));
            match crossings {
                // A saddle: the middle says which two corners are cut off.
                [Some(a), Some(b), Some(c), Some(d)] => {
                    let middle = [0, 1].map(|axis| (points[0][axis] + points[2][axis]) / 2.0);
                    let is_first_alone = (surface(middle) >= height) != (values[0] >= 0.0);
                    pieces.extend(if is_first_alone { [[d, a], [b, c]] } else { [[a, b], [c, d]] });
                }
                _ => {
                    let mut ends = crossings.into_iter().flatten();
                    if let (Some(from), Some(to)) = (ends.next(), ends.next()) {
                        pieces.push([from, to]);
                    }
                }
            }
        }
    }
    pieces
}

/// Where between two points the line passes, if they lie on different sides of it.
fn crossing([from, to]: [[f64; 2]; 2], values: [f64; 2]) -> Option<[f64; 2]> {
    if (values[0] >= 0.0) == (values[1] >= 0.0) {
        return None;
    }
    let share = values[0] / (values[0] - values[1]);
    Some([0, 1].map(|axis| from[axis] + share * (to[axis] - from[axis])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;
    use std::f64::consts::TAU;

    const RANGE: [f64; 2] = [-3.0, 3.0];

    fn length([from, to]: Piece) -> f64 {
        (to[0] - from[0]).hypot(to[1] - from[1])
    }

    #[test]
    fn a_round_hill_has_round_lines() {
        let pieces = line(|[x, y]| x * x + y * y, RANGE, RANGE, 40, 4.0);
        for [x, y] in pieces.iter().flatten() {
            assert!((x.hypot(*y) - 2.0).abs() < 0.01, "{x}, {y}");
        }
        let all: f64 = pieces.iter().map(|piece| length(*piece)).sum();
        assert!((all - TAU * 2.0).abs() < 0.05, "{all}");
    }

    /// Each piece ends where another one begins, so that lines are whole.
    #[test]
    fn lines_have_no_gaps() {
        let pieces = line(|[x, y]| x * x + x * y + y * y, RANGE, RANGE, 37, 5.0);
        let mut ends: HashMap<[i64; 2], usize> = HashMap::new();
        for end in pieces.iter().flatten() {
            *ends.entry(end.map(|value| (value * 1e9).round() as i64)).or_default() += 1;
        }
        assert!(pieces.len() > 50 && ends.values().all(|count| *count == 2));
    }

    #[test]
    fn a_slope_has_straight_lines() {
        let pieces = line(|[x, y]| 2.0 * x + y, RANGE, RANGE, 10, 1.0);
        assert!(pieces.iter().flatten().all(|[x, y]| (2.0 * x + y - 1.0).abs() < 1e-12));
        let all: f64 = pieces.iter().map(|piece| length(*piece)).sum();
        // From (-1, 3) to (2, -3).
        assert!((all - 3.0_f64.hypot(6.0)).abs() < 1e-9, "{all}");
    }

    /// On x y, lines above the saddle stay where x and y have the same sign, those below it where they have not.
    #[test]
    fn a_saddle_is_cut_on_the_right_sides() {
        for (height, sign) in [(0.2, 1.0), (-0.2, -1.0)] {
            let pieces = line(|[x, y]| x * y, [-1.0, 1.0], [-1.0, 1.0], 1, height);
            assert_eq!(pieces.len(), 2);
            for [from, to] in pieces {
                let middle = [(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0];
                assert!(middle[0] * middle[1] * sign > 0.0, "{height}: {from:?} to {to:?}");
            }
        }
    }

    #[test]
    fn where_nothing_is_so_high_there_is_no_line() {
        assert!(line(|[x, y]| x + y, RANGE, RANGE, 10, 100.0).is_empty());
    }
}
