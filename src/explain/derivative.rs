//! Slopes: of polynomials by the slides' rule, of x^2 + xy + y^2 along x and along y, and of anything by two points close
//! together.

use std::fmt;

/// a_1 x^n + a_2 x^(n-1) + ... : coefficients, the highest power first.
#[derive(Clone, Debug, PartialEq)]
pub struct Polynomial(pub Vec<f64>);

impl Polynomial {
    /// f(x).
    pub fn value(&self, x: f64) -> f64 {
        self.0.iter().fold(0.0, |sum, a| sum * x + a)
    }

    /// df/dx: each power comes down as a factor and is one less.
    pub fn derivative(&self) -> Polynomial {
        let n = self.0.len().saturating_sub(1);
        Polynomial(self.0.iter().take(n).enumerate().map(|(i, a)| a * (n - i) as f64).collect())
    }

    /// The power of x of each coefficient.
    pub fn powers(&self) -> impl Iterator<Item = (usize, f64)> {
        self.0.iter().enumerate().map(|(i, a)| (self.0.len() - 1 - i, *a))
    }

    /// The slides' rule before anything is multiplied: `(1·3)x² + (−3·1)x⁰`; `0` for a number alone.
    pub fn rule(&self) -> String {
        let terms = self.powers().filter(|(power, a)| *power > 0 && *a != 0.0);
        let term = |(power, a): (usize, f64)| format!("({}·{power})x{}", number(a), raised(power - 1));
        let terms: Vec<String> = terms.map(term).collect();
        if terms.is_empty() { "0".into() } else { terms.join(" + ") }
    }
}

/// As it is written: `x³ − 3x`. Coefficients have at most two decimals.
impl fmt::Display for Polynomial {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut is_first = true;
        for (power, a) in self.powers().filter(|(_, a)| *a != 0.0) {
            let sign = match (is_first, a < 0.0) {
                (true, false) => "",
                (true, true) => "\u{2212}",
                (false, false) => " + ",
                (false, true) => " \u{2212} ",
            };
            let factor = if a.abs() == 1.0 && power > 0 { String::new() } else { number(a.abs()) };
            let x = match power {
                0 => String::new(),
                1 => "x".into(),
                _ => format!("x{}", raised(power)),
            };
            write!(f, "{sign}{factor}{x}")?;
            is_first = false;
        }
        if is_first { f.write_str("0") } else { Ok(()) }
    }
}

/// At most two decimals, and a real minus.
fn number(a: f64) -> String {
    ((a * 100.0).round() / 100.0).to_string().replace('-', "\u{2212}")
}

/// A power, set high.
fn raised(power: usize) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    power.to_string().bytes().map(|digit| DIGITS[usize::from(digit - b'0')]).collect()
}

/// The line through two points of a curve, or the one that touches it: y = y0 + slope (x - x0).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    pub x0: f64,
    pub y0: f64,
    pub slope: f64,
}

impl Line {
    /// Its height at x.
    pub fn value(&self, x: f64) -> f64 {
        self.y0 + self.slope * (x - self.x0)
    }
}

/// The line that touches the curve at x.
pub fn tangent(f: &Polynomial, x: f64) -> Line {
    Line { x0: x, y0: f.value(x), slope: f.derivative().value(x) }
}

/// The line through the points of the curve at x and at x + h.
pub fn secant(f: &Polynomial, x: f64, h: f64) -> Line {
    Line { x0: x, y0: f.value(x), slope: (f.value(x + h) - f.value(x)) / h }
}

/// (f(x + h) - f(x - h)) / 2h: the slope at x, found without any rule.
pub fn central_difference(f: impl Fn(f64) -> f64, x: f64, h: f64) -> f64 {
    (f(x + h) - f(x - h)) / (2.0 * h)
}

/// f(x, y) = x^2 + xy + y^2.
pub fn surface(x: f64, y: f64) -> f64 {
    x * x + x * y + y * y
}

/// df/dx = 2x + y and df/dy = x + 2y of [`surface`].
pub fn gradient(x: f64, y: f64) -> (f64, f64) {
    (2.0 * x + y, x + 2.0 * y)
}

/// [`surface`] cut along a fixed y: x^2 + yx + y^2, a curve in x alone.
pub fn slice(y: f64) -> Polynomial {
    Polynomial(vec![1.0, y, y * y])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slides_rule() {
        let f = Polynomial(vec![2.0, 0.0, -3.0, 4.0]);
        assert_eq!(f.value(2.0), 14.0);
        assert_eq!(f.derivative(), Polynomial(vec![6.0, 0.0, -3.0]));
        assert_eq!(f.powers().collect::<Vec<_>>(), [(3, 2.0), (2, 0.0), (1, -3.0), (0, 4.0)]);
        assert_eq!(Polynomial(vec![7.0]).derivative().value(5.0), 0.0);
        assert_eq!(Polynomial(Vec::new()).derivative().value(5.0), 0.0);
    }

    #[test]
    fn polynomials_are_written_as_one_writes_them() {
        let written = |coefficients: &[f64]| Polynomial(coefficients.to_vec()).to_string();
        assert_eq!(written(&[1.0, 0.0, -3.0, 0.0]), "x³ − 3x");
        assert_eq!(written(&[-1.0, 2.0, 1.0]), "−x² + 2x + 1");
        assert_eq!(written(&[1.0, -0.7, 0.7 * 0.7]), "x² − 0.7x + 0.49");
        assert_eq!(written(&[0.0]), "0");
        assert_eq!(Polynomial(vec![1.0, 0.0, -3.0, 0.0]).rule(), "(1·3)x² + (−3·1)x⁰");
        assert_eq!(Polynomial(vec![4.0]).rule(), "0");
    }

    #[test]
    fn lines() {
        let f = Polynomial(vec![1.0, 0.0, 0.0]);
        let line = tangent(&f, 3.0);
        assert_eq!((line.slope, line.value(3.0), line.value(4.0)), (6.0, 9.0, 15.0));
        assert_eq!(secant(&f, 3.0, 1.0).slope, 7.0);
        assert!((secant(&f, 3.0, 1e-6).slope - 6.0).abs() < 1e-5);
    }

    /// df/dx = 2x + y, by the rule, through a slice, and by two points close together.
    #[test]
    fn partial_derivatives_as_on_the_slides() {
        for (x, y) in [(1.0, 2.0), (-0.5, 3.0), (2.0, -4.0)] {
            let (dx, dy) = gradient(x, y);
            assert_eq!(slice(y).value(x), surface(x, y));
            assert_eq!(slice(y).derivative(), Polynomial(vec![2.0, y]));
            assert_eq!(tangent(&slice(y), x).slope, dx);
            assert!((central_difference(|x| surface(x, y), x, 1e-5) - dx).abs() < 1e-8);
            assert!((central_difference(|y| surface(x, y), y, 1e-5) - dy).abs() < 1e-8);
        }
        assert_eq!(gradient(1.0, 2.0), (4.0, 5.0));
    }
}
