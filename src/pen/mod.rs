//! Pen-drawn digits without people: the forms that digits have (`digits.txt`), written by random hands, and drawings that are no
//! digit. What the shipped network learns from beside MNIST, whose writers knew few of these forms.
//!
//! The drawings are strokes and take the same ink path as a visitor's. The page only uses a hand's copies of a drawing.

mod form;
mod hand;
mod scribble;

pub use form::{Form, curve, digits, others, parse};
pub use hand::Hand;
pub use scribble::scribble;
