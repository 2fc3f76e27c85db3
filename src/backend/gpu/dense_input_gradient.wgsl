// One invocation computes a tile of dx (rows, inputs) = (dz (rows, units) W^T) * f'(x).

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> dz: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;

const LEFT_ALONG_DEPTH: bool = true;
const RIGHT_ALONG_DEPTH: bool = true;
const LEFT_IS_GRADIENT: bool = true;
const RIGHT_IS_GRADIENT: bool = false;

fn dz4(at: u32) -> vec4<f32> {
    if ALIGNED || at % 4u == 0u {
        return dz[at / 4u];
    }
    return joined(dz[at / 4u], dz[at / 4u + 1u], at % 4u);
}

fn parameter4(at: u32) -> vec4<f32> {
    if ALIGNED || at % 4u == 0u {
        return parameters[at / 4u];
    }
    return joined(parameters[at / 4u], parameters[at / 4u + 1u], at % 4u);
}

fn size() -> vec3<u32> {
    return vec3<u32>(args.rows, args.inputs, args.units);
}

fn left(row: u32, k: u32) -> mat4x4<f32> {
    // Rows past the last one, of dz and of W, repeat it.
    let rows = min(row + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(args.rows - 1u)) * args.units + k;
    return mat4x4<f32>(dz4(rows.x), dz4(rows.y), dz4(rows.z), dz4(rows.w));
}

fn right(k: u32, input: u32) -> mat4x4<f32> {
    let inputs = min(input + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(args.inputs - 1u));
    let rows = args.weights + inputs * args.units + k;
    return transpose(mat4x4<f32>(parameter4(rows.x), parameter4(rows.y), parameter4(rows.z), parameter4(rows.w)));
}

fn beginning(input: u32) -> vec4<f32> {
    return vec4<f32>(0.0);
}

fn store(row: u32, input: u32, sums: vec4<f32>) {
    if row >= args.rows || input >= args.inputs {
        return;
    }
    let at = row * args.inputs + input;
    dx[at] = sums.x * derivative(args.code, x[at]);
    if input + 1u < args.inputs { dx[at + 1u] = sums.y * derivative(args.code, x[at + 1u]); }
    if input + 2u < args.inputs { dx[at + 2u] = sums.z * derivative(args.code, x[at + 2u]); }
    if input + 3u < args.inputs { dx[at + 3u] = sums.w * derivative(args.code, x[at + 3u]); }
}
