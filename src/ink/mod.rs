//! Pen strokes to the image that the network sees: the only pixel -> input rule of the project.
