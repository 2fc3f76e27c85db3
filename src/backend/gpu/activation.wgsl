// The activation functions, by `Activation::wgsl_code`. tanh and exp overflow on some drivers, so their arguments are
// limited to where the result is no longer different in f32.

fn activate(code: u32, z: vec4<f32>) -> vec4<f32> {
    switch code {
        case 1u: { return 1.0 / (1.0 + exp(-clamp(z, vec4<f32>(-80.0), vec4<f32>(80.0)))); }
        case 2u: { return max(z, vec4<f32>(0.0)); }
        case 3u: { return tanh(clamp(z, vec4<f32>(-15.0), vec4<f32>(15.0))); }
        default: { return z; }
    }
}

// f'(z) in terms of a = f(z).
fn derivative(code: u32, a: f32) -> f32 {
    switch code {
        case 1u: { return a * (1.0 - a); }
        case 2u: { return select(0.0, 1.0, a > 0.0); }
        case 3u: { return 1.0 - a * a; }
        default: { return 1.0; }
    }
}
