//! How long shaders took to compile, and what went wrong. A browser compiles in another process, which answers later.

use super::device::Failure;
use std::future::Future;
use std::pin::Pin;

/// See the module's documentation.
pub(super) struct Compiler {
    clock: fn() -> f64,
    /// Answers that have not come, and when the first was asked for.
    waiting: Vec<Pin<Box<dyn Future<Output = Option<wgpu::Error>>>>>,
    asked: f64,
    seconds: f64,
}

impl Compiler {
    /// Nothing is compiled yet. `clock` tells seconds.
    pub fn new(clock: fn() -> f64) -> Compiler {
        Compiler { clock, waiting: Vec::new(), asked: 0.0, seconds: 0.0 }
    }

    /// Compiles by calling `compile`.
    pub fn compile<T>(&mut self, device: &wgpu::Device, compile: impl FnOnce() -> T) -> T {
        let began = (self.clock)();
        if self.waiting.is_empty() {
            self.asked = began;
        }
        let scope = device.push_error_scope(wgpu::ErrorFilter::Validation);
        let compiled = compile();
        self.waiting.push(Box::pin(scope.pop()));
        if cfg!(not(target_arch = "wasm32")) {
            self.seconds += (self.clock)() - began;
        }
        compiled
    }

    /// Waits until everything is compiled, and records what went wrong.
    pub async fn settle(&mut self, failure: &Failure) {
        if self.waiting.is_empty() {
            return;
        }
        for answer in self.waiting.drain(..) {
            if let Some(error) = answer.await {
                failure.record(error.to_string());
            }
        }
        if cfg!(target_arch = "wasm32") {
            self.seconds += (self.clock)() - self.asked;
        }
    }

    /// Milliseconds so far.
    pub fn milliseconds(&self) -> f64 {
        1e3 * self.seconds
    }
}
