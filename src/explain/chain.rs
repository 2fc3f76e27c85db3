//! The chain rule with numbers: along one path slopes multiply, and where two paths meet they add up.

use super::derivative;

/// x -> y = g(x) -> z = h(y), with g(x) = 2x + 1 and h(y) = y^2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OnePath {
    pub x: f64,
    pub y: f64,
    pub z: f64,
    pub dy_dx: f64,
    pub dz_dy: f64,
    /// dz/dy times dy/dx.
    pub dz_dx: f64,
}

/// t -> x = g(t), t -> y = h(t), both -> z = f(x, y), with g(t) = t^2, h(t) = 3t and f(x, y) = x^2 + xy + y^2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TwoPaths {
    pub t: f64,
    pub x: f64,
    pub y: f64,
    pub z: f64,
    pub dx_dt: f64,
    pub dy_dt: f64,
    pub dz_dx: f64,
    pub dz_dy: f64,
    /// What comes along x: dz/dx times dx/dt.
    pub along_x: f64,
    /// What comes along y: dz/dy times dy/dt.
    pub along_y: f64,
    /// Both together.
    pub dz_dt: f64,
}

/// The numbers along the one path at x.
pub fn one_path(x: f64) -> OnePath {
    let y = 2.0 * x + 1.0;
    let (dy_dx, dz_dy) = (2.0, 2.0 * y);
    OnePath { x, y, z: y * y, dy_dx, dz_dy, dz_dx: dz_dy * dy_dx }
}

/// The numbers along both paths at t.
pub fn two_paths(t: f64) -> TwoPaths {
    let (x, y) = (t * t, 3.0 * t);
    let (dx_dt, dy_dt) = (2.0 * t, 3.0);
    let (dz_dx, dz_dy) = derivative::gradient(x, y);
    let (along_x, along_y) = (dz_dx * dx_dt, dz_dy * dy_dt);
    TwoPaths { t, x, y, z: derivative::surface(x, y), dx_dt, dy_dt, dz_dx, dz_dy, along_x, along_y, dz_dt: along_x + along_y }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_multiply_along_a_path() {
        let path = one_path(1.0);
        assert_eq!((path.y, path.z, path.dz_dx), (3.0, 9.0, 12.0));
        for x in [-2.0, 0.5, 3.0] {
            let slope = derivative::central_difference(|x| one_path(x).z, x, 1e-5);
            assert!((slope - one_path(x).dz_dx).abs() < 1e-6);
        }
    }

    #[test]
    fn paths_add_up() {
        let paths = two_paths(1.0);
        assert_eq!((paths.x, paths.y, paths.z), (1.0, 3.0, 13.0));
        assert_eq!((paths.along_x, paths.along_y, paths.dz_dt), (10.0, 21.0, 31.0));
        for t in [-2.0, 0.5, 3.0] {
            let slope = derivative::central_difference(|t| two_paths(t).z, t, 1e-5);
            assert!((slope - two_paths(t).dz_dt).abs() < 1e-5 * (1.0 + slope.abs()));
        }
    }
}
