//! The page, the worker and the JavaScript library.
