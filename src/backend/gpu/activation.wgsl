// The activation functions, by `Activation::wgsl_code`. tanh and exp overflow on some drivers, so their arguments are
// limited to where the result is no longer different in f32.

const LEAK: f32 = 0.01;
const GELU: f32 = 1.5957691;
const GELU_CUBE: f32 = 0.044715;

// The share of z that GELU lets through.
fn gelu_share(z: vec4<f32>) -> vec4<f32> {
    return 1.0 / (1.0 + exp(-clamp(GELU * (z + GELU_CUBE * z * z * z), vec4<f32>(-80.0), vec4<f32>(80.0))));
}

fn activate(code: u32, z: vec4<f32>) -> vec4<f32> {
    switch code {
        case 1u: { return 1.0 / (1.0 + exp(-clamp(z, vec4<f32>(-80.0), vec4<f32>(80.0)))); }
        case 2u: { return max(z, vec4<f32>(0.0)); }
        case 3u: { return tanh(clamp(z, vec4<f32>(-15.0), vec4<f32>(15.0))); }
        case 4u: { return max(z, LEAK * z); }
        case 5u: { return z * gelu_share(z); }
        default: { return z; }
    }
}

// f'(z) in terms of what is kept of the forward pass: a = f(z), or for GELU z.
fn derivative(code: u32, a: f32) -> f32 {
    switch code {
        case 1u: { return a * (1.0 - a); }
        case 2u: { return select(0.0, 1.0, a > 0.0); }
        case 3u: { return 1.0 - a * a; }
        case 4u: { return select(LEAK, 1.0, a > 0.0); }
        case 5u: {
            let z = a;
            let share = gelu_share(vec4<f32>(z)).x;
            return share + z * share * (1.0 - share) * GELU * (1.0 + 3.0 * GELU_CUBE * z * z);
        }
        default: { return 1.0; }
    }
}
