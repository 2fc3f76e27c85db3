// One invocation computes a 4x4 tile of dx (rows, inputs) = (dz (rows, units) W^T) * f'(x).

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> dz: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;

fn dz1(at: u32) -> f32 {
    return dz[at / 4u][at % 4u];
}

fn dz4(at: u32) -> vec4<f32> {
    if ALIGNED || at % 4u == 0u {
        return dz[at / 4u];
    }
    return joined(dz[at / 4u], dz[at / 4u + 1u], at % 4u);
}

fn parameter1(at: u32) -> f32 {
    return parameters[at / 4u][at % 4u];
}

fn parameter4(at: u32) -> vec4<f32> {
    if ALIGNED || at % 4u == 0u {
        return parameters[at / 4u];
    }
    return joined(parameters[at / 4u], parameters[at / 4u + 1u], at % 4u);
}

fn store(row: u32, input: u32, sums: vec4<f32>) {
    if row >= args.rows {
        return;
    }
    let at = row * args.inputs + input;
    dx[at] = sums.x * derivative(args.code, x[at]);
    if input + 1u < args.inputs { dx[at + 1u] = sums.y * derivative(args.code, x[at + 1u]); }
    if input + 2u < args.inputs { dx[at + 2u] = sums.z * derivative(args.code, x[at + 2u]); }
    if input + 3u < args.inputs { dx[at + 3u] = sums.w * derivative(args.code, x[at + 3u]); }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let input = id.x * 4u;
    let row = id.y * 4u;
    if input >= args.inputs || row >= args.rows {
        return;
    }
    // Rows past the last one, of dz and of W, repeat it.
    let dz_rows = min(row + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(args.rows - 1u)) * args.units;
    let w_rows = min(input + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(args.inputs - 1u)) * args.units + args.weights;
    var dx0 = vec4<f32>(0.0);
    var dx1 = vec4<f32>(0.0);
    var dx2 = vec4<f32>(0.0);
    var dx3 = vec4<f32>(0.0);
    var k = 0u;
    for (; k + 4u <= args.units; k += 4u) {
        // Columns are rows of W, so that a vector from the left gives four dot products.
        let w = mat4x4<f32>(
            parameter4(w_rows.x + k),
            parameter4(w_rows.y + k),
            parameter4(w_rows.z + k),
            parameter4(w_rows.w + k),
        );
        dx0 += dz4(dz_rows.x + k) * w;
        dx1 += dz4(dz_rows.y + k) * w;
        dx2 += dz4(dz_rows.z + k) * w;
        dx3 += dz4(dz_rows.w + k) * w;
    }
    for (; k < args.units; k += 1u) {
        let w = vec4<f32>(
            parameter1(w_rows.x + k),
            parameter1(w_rows.y + k),
            parameter1(w_rows.z + k),
            parameter1(w_rows.w + k),
        );
        dx0 += dz1(dz_rows.x + k) * w;
        dx1 += dz1(dz_rows.y + k) * w;
        dx2 += dz1(dz_rows.z + k) * w;
        dx3 += dz1(dz_rows.w + k) * w;
    }
    store(row, input, dx0);
    store(row + 1u, input, dx1);
    store(row + 2u, input, dx2);
    store(row + 3u, input, dx3);
}
