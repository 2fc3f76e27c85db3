// One invocation updates four parameters by the optimizer `code` (`Optimizer::wgsl_code`), of the first `len`.

@group(0) @binding(1) var<storage, read> gradients: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> m: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> v: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> parameters: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = item(id, groups);
    if i >= (args.len + 3u) / 4u {
        return;
    }
    // Of the last four, those past the end keep parameters and state.
    let inside = 4u * i + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(args.len);
    let slope = gradients[i];
    var change = slope * args.rate;
    switch args.code {
        // Momentum; its factor is in beta1.
        case 1u: {
            let next_m = args.beta1 * m[i] + slope;
            m[i] = select(m[i], next_m, inside);
            change = next_m * args.rate;
        }
        // Adam, and AdamW with its decay.
        case 2u: {
            let next_m = m[i] + (1.0 - args.beta1) * (slope - m[i]);
            let next_v = v[i] + (1.0 - args.beta2) * (slope * slope - v[i]);
            m[i] = select(m[i], next_m, inside);
            v[i] = select(v[i], next_v, inside);
            change = args.rate * next_m / (sqrt(next_v) + args.epsilon);
        }
        // Nesterov's momentum; its factor is in beta1.
        case 3u: {
            let next_m = args.beta1 * m[i] + slope;
            m[i] = select(m[i], next_m, inside);
            change = (slope + args.beta1 * next_m) * args.rate;
        }
        // RMSprop; rho is in beta2.
        case 4u: {
            let next_m = m[i] + (1.0 - args.beta2) * (slope * slope - m[i]);
            m[i] = select(m[i], next_m, inside);
            change = args.rate * slope / (sqrt(next_m) + args.epsilon);
        }
        default: {}
    }
    parameters[i] = select(parameters[i], parameters[i] - args.decay * parameters[i] - change, inside);
}
