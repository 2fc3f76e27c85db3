// One invocation computes a tile of y (rows, units) = f(x (rows, inputs) W (inputs, units) + b).

@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

const LEFT_ALONG_DEPTH: bool = true;
const RIGHT_ALONG_DEPTH: bool = false;
const LEFT_IS_GRADIENT: bool = false;
const RIGHT_IS_GRADIENT: bool = false;

fn x4(at: u32) -> vec4<f32> {
    if ALIGNED || at % 4u == 0u {
        return x[at / 4u];
    }
    return joined(x[at / 4u], x[at / 4u + 1u], at % 4u);
}

fn parameter4(at: u32) -> vec4<f32> {
    if ALIGNED || at % 4u == 0u {
        return parameters[at / 4u];
    }
    return joined(parameters[at / 4u], parameters[at / 4u + 1u], at % 4u);
}

fn size() -> vec3<u32> {
    return vec3<u32>(args.rows, args.units, args.inputs);
}

fn left(row: u32, k: u32) -> mat4x4<f32> {
    // Rows past the last one repeat it.
    let rows = min(row + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(args.rows - 1u)) * args.inputs + k;
    return mat4x4<f32>(x4(rows.x), x4(rows.y), x4(rows.z), x4(rows.w));
}

fn right(k: u32, unit: u32) -> mat4x4<f32> {
    let at = args.weights + k * args.units + unit;
    return mat4x4<f32>(
        parameter4(at),
        parameter4(at + args.units),
        parameter4(at + 2u * args.units),
        parameter4(at + 3u * args.units),
    );
}

fn beginning(unit: u32) -> vec4<f32> {
    return parameter4(args.bias + unit);
}

fn store(row: u32, unit: u32, z: vec4<f32>) {
    if row >= args.rows || unit >= args.units {
        return;
    }
    let values = activate(args.code, z);
    let at = row * args.units + unit;
    y[at] = values.x;
    if unit + 1u < args.units { y[at + 1u] = values.y; }
    if unit + 2u < args.units { y[at + 2u] = values.z; }
    if unit + 3u < args.units { y[at + 3u] = values.w; }
}
