//! A surface over two variables as a picture: a net of tiles, seen at a slant from above, and a slice through it.

/// How far a step along y leads to the right, and up, in the picture; and how far a step in height leads up.
const ALONG_Y: [f64; 2] = [0.45, 0.6];
const HEIGHT: f64 = 0.1;

/// Where (x, y) at this height is in the picture: to the right, and up. x leads to the right, y to the back.
pub fn project([x, y]: [f64; 2], height: f64) -> [f64; 2] {
    [x + ALONG_Y[0] * y, ALONG_Y[1] * y + HEIGHT * height]
}

/// A tile of the net.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tile {
    /// Around it, in the picture.
    pub corners: [[f64; 2]; 4],
    /// Of its middle.
    pub height: f64,
}

/// `cells` x `cells` tiles of the surface between -`side` and `side`, the last row first: those in front are drawn over it.
pub fn tiles(surface: impl Fn([f64; 2]) -> f64, side: f64, cells: u16) -> Vec<Tile> {
    let at = |i: f64| side * (2.0 * i / f64::from(cells) - 1.0);
    let place = |i: f64, j: f64| [at(i), at(j)];
    let tile = |i: u16, j: u16| {
        let (i, j) = (f64::from(i), f64::from(j));
        let around = [place(i, j), place(i + 1.0, j), place(i + 1.0, j + 1.0), place(i, j + 1.0)];
        Tile { corners: around.map(|point| project(point, surface(point))), height: surface(place(i + 0.5, j + 0.5)) }
    };
    (0..cells).rev().flat_map(|j| (0..cells).map(move |i| (i, j))).map(|(i, j)| tile(i, j)).collect()
}

/// The line in which the surface is cut, between -`side` and `side`: along x at a fixed y (`along` 0), or along y at a fixed x
/// (1).
pub fn cut(surface: impl Fn([f64; 2]) -> f64, side: f64, along: usize, fixed: f64) -> Vec<[f64; 2]> {
    const STEPS: u16 = 40;
    let at = |i: u16| {
        let moving = side * (2.0 * f64::from(i) / f64::from(STEPS) - 1.0);
        let point = if along == 0 { [moving, fixed] } else { [fixed, moving] };
        project(point, surface(point))
    };
    (0..=STEPS).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::derivative;

    fn slides([x, y]: [f64; 2]) -> f64 {
        derivative::surface(x, y)
    }

    #[test]
    fn tiles_cover_the_ground_from_the_back() {
        let tiles = tiles(|_| 0.0, 2.0, 4);
        assert_eq!(tiles.len(), 16);
        assert_eq!(tiles[0].corners[3], project([-2.0, 2.0], 0.0));
        assert_eq!(tiles[15].corners[1], project([2.0, -2.0], 0.0));
    }

    /// Seen from above, no tile hides another of the slides' surface: each has its far side higher up in the picture.
    #[test]
    fn nothing_is_hidden() {
        for Tile { corners: [a, b, c, d], .. } in tiles(slides, 2.0, 12) {
            assert!(d[1] > a[1] && c[1] > b[1], "{a:?} {b:?} {c:?} {d:?}");
        }
    }

    #[test]
    fn a_cut_lies_on_the_surface() {
        let along_x = cut(slides, 2.0, 0, 1.0);
        assert_eq!(along_x[0], project([-2.0, 1.0], 3.0));
        assert_eq!(along_x[40], project([2.0, 1.0], 7.0));
        assert_eq!(cut(slides, 2.0, 1, 1.0)[20], project([1.0, 0.0], 1.0));
    }
}
