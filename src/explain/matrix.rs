//! Matrices as the slides calculate with them: add, scale, dot product, transpose, and multiply row by column.

/// Rows of numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    /// Row by row.
    values: Vec<f64>,
}

/// Why two matrices can't be combined; sizes are (rows, columns).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// Adding needs two of the same size.
    Sum { a: (usize, usize), b: (usize, usize) },
    /// A dot product needs two vectors of the same length.
    Dot { a: usize, b: usize },
    /// A product needs as many columns on the left as rows on the right.
    Product { a: (usize, usize), b: (usize, usize) },
    /// A row of another length than the first, counted from 1.
    Ragged { row: usize, expected: usize, got: usize },
    /// What is no number.
    Number { row: usize, column: usize },
    /// Nothing at all.
    Empty,
}

impl Misfit {
    /// Stable name: the locale files hold a message `misfit-<code>` for each.
    pub fn code(self) -> &'static str {
        match self {
            Misfit::Sum { .. } => "sum",
            Misfit::Dot { .. } => "dot",
            Misfit::Product { .. } => "product",
            Misfit::Ragged { .. } => "ragged",
            Misfit::Number { .. } => "number",
            Misfit::Empty => "empty",
        }
    }

    /// The numbers of that message, by name.
    pub fn args(self) -> Vec<(&'static str, usize)> {
        match self {
            Misfit::Sum { a, b } | Misfit::Product { a, b } => {
                vec![("arows", a.0), ("acolumns", a.1), ("brows", b.0), ("bcolumns", b.1)]
            }
            Misfit::Dot { a, b } => vec![("a", a), ("b", b)],
            Misfit::Ragged { row, expected, got } => vec![("row", row), ("expected", expected), ("got", got)],
            Misfit::Number { row, column } => vec![("row", row), ("column", column)],
            Misfit::Empty => Vec::new(),
        }
    }
}

impl std::fmt::Display for Misfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Misfit::Sum { a, b } => {
                write!(f, "{} x {} and {} x {} can't be added: both must have the same size", a.0, a.1, b.0, b.1)
            }
            Misfit::Dot { a, b } => write!(f, "a dot product needs two vectors of the same length, got {a} and {b}"),
            Misfit::Product { a, b } => write!(
                f,
                "{} x {} times {} x {} does not fit: the left one has {} columns, the right one {} rows",
                a.0, a.1, b.0, b.1, a.1, b.0
            ),
            Misfit::Ragged { row, expected, got } => write!(f, "row {row} has {got} numbers, the first one {expected}"),
            Misfit::Number { row, column } => write!(f, "row {row}, column {column} is no number"),
            Misfit::Empty => write!(f, "there is no number"),
        }
    }
}

/// How one number of a product comes about: a row of the left matrix with a column of the right one.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub row: usize,
    pub column: usize,
    /// What is multiplied, in order.
    pub pairs: Vec<(f64, f64)>,
    /// The sum of the products.
    pub value: f64,
}

impl Matrix {
    /// The matrix of these rows.
    ///
    /// Errors when they are not equally long, or there are none.
    pub fn new(rows: &[&[f64]]) -> Result<Matrix, Misfit> {
        let columns = rows.first().map_or(0, |row| row.len());
        if columns == 0 {
            return Err(Misfit::Empty);
        }
        if let Some((i, row)) = rows.iter().enumerate().find(|(_, row)| row.len() != columns) {
            return Err(Misfit::Ragged { row: i + 1, expected: columns, got: row.len() });
        }
        Ok(Matrix { rows: rows.len(), columns, values: rows.concat() })
    }

    /// The vector, one number a row.
    pub fn column(values: &[f64]) -> Matrix {
        Matrix { rows: values.len(), columns: 1, values: values.to_vec() }
    }

    /// The matrix that a person types: a row a line, or rows parted by `;`, numbers parted by spaces or commas.
    ///
    /// Errors when something is no number, and as [`Matrix::new`].
    pub fn parse(text: &str) -> Result<Matrix, Misfit> {
        let parts = |line: &str| -> Vec<String> {
            let words = line.split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、'));
            // A minus sign as typesetters and Chinese input methods write it.
            words.filter(|word| !word.is_empty()).map(|word| word.replace(['−', '－'], "-")).collect()
        };
        let mut rows: Vec<Vec<f64>> = Vec::new();
        for line in text.split(['\n', ';', '；']).map(parts).filter(|line| !line.is_empty()) {
            let row = rows.len() + 1;
            let number = |(i, word): (usize, &String)| {
                word.parse().ok().filter(|x: &f64| x.is_finite()).ok_or(Misfit::Number { row, column: i + 1 })
            };
            rows.push(line.iter().enumerate().map(number).collect::<Result<_, _>>()?);
        }
        Matrix::new(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    /// Rows, then columns.
    pub fn size(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// Its numbers, row by row.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks(self.columns)
    }

    /// All its numbers in one row.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The number at that place.
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.values[row * self.columns + column]
    }

    /// Each number plus `x`.
    pub fn plus(&self, x: f64) -> Matrix {
        self.each(|value| value + x)
    }

    /// Each number times `x`.
    pub fn times(&self, x: f64) -> Matrix {
        self.each(|value| value * x)
    }

    /// The sums of the numbers at the same places.
    ///
    /// Errors when the sizes differ.
    pub fn add(&self, other: &Matrix) -> Result<Matrix, Misfit> {
        if self.size() != other.size() {
            return Err(Misfit::Sum { a: self.size(), b: other.size() });
        }
        let values = self.values.iter().zip(&other.values).map(|(a, b)| a + b).collect();
        Ok(Matrix { values, ..*self })
    }

    /// Rows become columns.
    pub fn transpose(&self) -> Matrix {
        let values = (0..self.columns).flat_map(|column| (0..self.rows).map(move |row| self.at(row, column))).collect();
        Matrix { rows: self.columns, columns: self.rows, values }
    }

    /// How each number of `self` times `other` comes about, row by row.
    ///
    /// Errors when the columns of `self` are not as many as the rows of `other`.
    pub fn steps(&self, other: &Matrix) -> Result<Vec<Cell>, Misfit> {
        if self.columns != other.rows {
            return Err(Misfit::Product { a: self.size(), b: other.size() });
        }
        let cell = |row: usize, column: usize| {
            let pairs: Vec<_> = (0..self.columns).map(|i| (self.at(row, i), other.at(i, column))).collect();
            Cell { row, column, value: pairs.iter().map(|(a, b)| a * b).sum(), pairs }
        };
        Ok((0..self.rows).flat_map(|row| (0..other.columns).map(move |column| cell(row, column))).collect())
    }

    /// The product: row times column.
    ///
    /// Errors as [`Matrix::steps`].
    pub fn multiply(&self, other: &Matrix) -> Result<Matrix, Misfit> {
        let values = self.steps(other)?.iter().map(|cell| cell.value).collect();
        Ok(Matrix { rows: self.rows, columns: other.columns, values })
    }

    fn each(&self, f: impl Fn(f64) -> f64) -> Matrix {
        Matrix { values: self.values.iter().map(|value| f(*value)).collect(), ..*self }
    }
}

/// The dot product of two vectors, as one cell of a product.
///
/// Errors when they are not equally long.
pub fn dot(a: &[f64], b: &[f64]) -> Result<Cell, Misfit> {
    if a.len() != b.len() {
        return Err(Misfit::Dot { a: a.len(), b: b.len() });
    }
    let pairs: Vec<_> = a.iter().copied().zip(b.iter().copied()).collect();
    Ok(Cell { row: 0, column: 0, value: pairs.iter().map(|(a, b)| a * b).sum(), pairs })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(text: &str) -> Matrix {
        Matrix::parse(text).expect("a matrix")
    }

    #[test]
    fn adding_and_scaling_as_on_the_slides() {
        let a = matrix("1 2; 3 4");
        assert_eq!(a.plus(5.0), matrix("6 7; 8 9"));
        assert_eq!(a.add(&matrix("4 3; 2 1")), Ok(matrix("5 5; 5 5")));
        assert_eq!(a.times(5.0), matrix("5 10; 15 20"));
        let misfit = a.add(&matrix("1 2")).expect_err("another size");
        assert_eq!(misfit, Misfit::Sum { a: (2, 2), b: (1, 2) });
        assert_eq!(misfit.to_string(), "2 x 2 and 1 x 2 can't be added: both must have the same size");
    }

    #[test]
    fn dot_product_as_on_the_slides() {
        let cell = dot(&[1.0, 1.0, 4.0], &[5.0, 1.0, 4.0]).expect("equally long");
        assert_eq!((cell.pairs, cell.value), (vec![(1.0, 5.0), (1.0, 1.0), (4.0, 4.0)], 22.0));
        assert_eq!(dot(&[1.0], &[1.0, 2.0]), Err(Misfit::Dot { a: 1, b: 2 }));
    }

    #[test]
    fn transpose_as_on_the_slides() {
        assert_eq!(matrix("1 2; 3 4; 5 6").transpose(), matrix("1 3 5; 2 4 6"));
    }

    /// The first product slide prints 17; it is 15, as the next slide has it.
    #[test]
    fn product_as_on_the_slides() {
        let (a, b) = (matrix("1 2 3; 4 5 6"), matrix("1 5; 1 1; 4 4"));
        assert_eq!(a.multiply(&b), Ok(matrix("15 19; 33 49")));
        let steps = a.steps(&b).expect("they fit");
        let places: Vec<_> = steps.iter().map(|cell| (cell.row, cell.column, cell.value)).collect();
        assert_eq!(places, [(0, 0, 15.0), (0, 1, 19.0), (1, 0, 33.0), (1, 1, 49.0)]);
        assert_eq!(steps[3].pairs, [(4.0, 5.0), (5.0, 1.0), (6.0, 4.0)]);
        assert_eq!(a.multiply(&a), Err(Misfit::Product { a: (2, 3), b: (2, 3) }));
    }

    #[test]
    fn what_a_person_types() {
        assert_eq!(matrix(" 1, −2\n3，4 \n"), matrix("1 -2; 3 4"));
        assert_eq!(Matrix::parse("1 2; 3"), Err(Misfit::Ragged { row: 2, expected: 2, got: 1 }));
        assert_eq!(Matrix::parse("1 2; 3 x"), Err(Misfit::Number { row: 2, column: 2 }));
        assert_eq!(Matrix::parse("inf"), Err(Misfit::Number { row: 1, column: 1 }));
        assert_eq!(Matrix::parse(" ; "), Err(Misfit::Empty));
    }
}
