//! The model file, and the bytes of messages.
