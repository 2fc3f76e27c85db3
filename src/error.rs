//! The one error type. A variant is a cause; its fields are the numbers that a person needs to understand it.
//! `Display` says it in English; the page says it in the visitor's language through [`Error::code`] and [`Error::args`].

use crate::wire::{Decode, Encode};

/// `std::result::Result` with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// Everything that can go wrong at an edge: a file, a message, a setting, a device.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum Error {
    /// A file ends before the bytes that its header promises.
    Truncated { what: String, expected: u64, got: u64 },
    /// A file has more bytes than its header promises.
    TrailingBytes { what: String, expected: u64, got: u64 },
    /// A file does not begin as such a file must.
    NotA { what: String },
    /// A model file of a version that this build does not read.
    Version { supported: u32, got: u32 },
    /// The checksum does not match: the file was damaged.
    Checksum { what: String },
    /// Larger than the stated limit.
    TooLarge { what: String, limit: u64, got: u64 },
    /// A network that reads another kind of image, or has another number of classes.
    Shape { what: String, expected: u64, got: u64 },
    /// A setting out of its range, or no such name.
    Setting { name: String, value: String, allowed: String },
    /// A number that is not finite where one is needed.
    NotFinite { what: String },
    /// Bytes that do not decode.
    Malformed { what: String, reason: String },
    /// No WebGPU, and why.
    NoGpu { reason: GpuReason },
    /// The device stopped working.
    Device { reason: String },
    /// A file or an address that could not be read.
    Fetch { what: String, reason: String },
    /// A request that does not fit the present state.
    State { reason: String },
}

/// Why there is no WebGPU here.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum GpuReason {
    /// Browsers offer WebGPU on https and localhost only.
    InsecurePage,
    /// The browser has no `navigator.gpu`.
    NoApi,
    /// The API is there, but no adapter.
    NoAdapter,
    /// The adapter gave no device.
    NoDevice(String),
    /// It computes, but its numbers differ from the CPU's.
    SelfTestFailed(String),
    /// It computed, and then no more.
    Lost(String),
    /// While it trained, the loss became what it can't be.
    WrongLoss(String),
}

impl GpuReason {
    /// Stable name, as `data-backend-reason` and the locale files use it.
    pub fn code(&self) -> &'static str {
        match self {
            GpuReason::InsecurePage => "insecure-page",
            GpuReason::NoApi => "no-api",
            GpuReason::NoAdapter => "no-adapter",
            GpuReason::NoDevice(_) => "no-device",
            GpuReason::SelfTestFailed(_) => "self-test-failed",
            GpuReason::Lost(_) => "lost",
            GpuReason::WrongLoss(_) => "wrong-loss",
        }
    }
}

impl From<Error> for GpuReason {
    fn from(error: Error) -> GpuReason {
        match error {
            Error::NoGpu { reason } => reason,
            other => GpuReason::NoDevice(other.to_string()),
        }
    }
}

impl std::fmt::Display for GpuReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            GpuReason::InsecurePage => write!(f, "the page is not served over https or from localhost"),
            GpuReason::NoApi => write!(f, "this browser has no WebGPU"),
            GpuReason::NoAdapter => write!(f, "WebGPU found no adapter (graphics device)"),
            GpuReason::NoDevice(why) => write!(f, "the WebGPU adapter gave no device: {why}"),
            GpuReason::SelfTestFailed(why) => write!(f, "the WebGPU self-test failed: {why}"),
            GpuReason::Lost(why) => write!(f, "the WebGPU device stopped working: {why}"),
            GpuReason::WrongLoss(why) => write!(f, "WebGPU's loss is not to be trusted: {why}"),
        }
    }
}

impl Error {
    /// Stable name of the variant: the locale files hold a message `error-<code>` for each.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Truncated { .. } => "truncated",
            Error::TrailingBytes { .. } => "trailing-bytes",
            Error::NotA { .. } => "not-a",
            Error::Version { .. } => "version",
            Error::Checksum { .. } => "checksum",
            Error::TooLarge { .. } => "too-large",
            Error::Shape { .. } => "shape",
            Error::Setting { .. } => "setting",
            Error::NotFinite { .. } => "not-finite",
            Error::Malformed { .. } => "malformed",
            Error::NoGpu { .. } => "no-gpu",
            Error::Device { .. } => "device",
            Error::Fetch { .. } => "fetch",
            Error::State { .. } => "state",
        }
    }

    /// The variant's fields by name, for the message `error-<code>`.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Error::Truncated { what, expected, got }
            | Error::TrailingBytes { what, expected, got }
            | Error::Shape { what, expected, got } => {
                vec![("what", what.clone()), ("expected", expected.to_string()), ("got", got.to_string())]
            }
            Error::NotA { what } | Error::Checksum { what } | Error::NotFinite { what } => vec![("what", what.clone())],
            Error::Version { supported, got } => vec![("supported", supported.to_string()), ("got", got.to_string())],
            Error::TooLarge { what, limit, got } => {
                vec![("what", what.clone()), ("limit", limit.to_string()), ("got", got.to_string())]
            }
            Error::Setting { name, value, allowed } => {
                vec![("name", name.clone()), ("value", value.clone()), ("allowed", allowed.clone())]
            }
            Error::Malformed { what, reason } | Error::Fetch { what, reason } => {
                vec![("what", what.clone()), ("reason", reason.clone())]
            }
            Error::NoGpu { reason } => vec![("reason", reason.to_string())],
            Error::Device { reason } | Error::State { reason } => vec![("reason", reason.clone())],
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Truncated { what, expected, got } => write!(f, "{what} is cut short: expected {expected} bytes, got {got}"),
            Error::TrailingBytes { what, expected, got } => write!(f, "{what} is too long: expected {expected} bytes, got {got}"),
            Error::NotA { what } => write!(f, "this is not {what}"),
            Error::Version { supported, got } => {
                write!(f, "the model file has version {got}; this build reads version {supported}")
            }
            Error::Checksum { what } => write!(f, "{what} is damaged: its checksum does not match its content"),
            Error::TooLarge { what, limit, got } => write!(f, "{what} is too large: {got}, the limit is {limit}"),
            Error::Shape { what, expected, got } => write!(f, "{what}: expected {expected}, got {got}"),
            Error::Setting { name, value, allowed } => write!(f, "{name} can't be \"{value}\"; allowed: {allowed}"),
            Error::NotFinite { what } => write!(f, "{what} holds a number that is not finite"),
            Error::Malformed { what, reason } => write!(f, "{what} can't be read: {reason}"),
            Error::NoGpu { reason } => write!(f, "no WebGPU: {reason}"),
            Error::Device { reason } => write!(f, "the compute device failed: {reason}"),
            Error::Fetch { what, reason } => write!(f, "{what} could not be loaded: {reason}"),
            Error::State { reason } => write!(f, "{reason}"),
        }
    }
}

impl std::error::Error for Error {}
