// One invocation computes a 4x4 tile of y (rows, units) = f(x (rows, inputs) W (inputs, units) + b).

@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

fn x1(at: u32) -> f32 {
    return x[at / 4u][at % 4u];
}

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

fn store(row: u32, unit: u32, z: vec4<f32>) {
    if row >= args.rows {
        return;
    }
    let values = activate(args.code, z);
    let at = row * args.units + unit;
    y[at] = values.x;
    if unit + 1u < args.units { y[at + 1u] = values.y; }
    if unit + 2u < args.units { y[at + 2u] = values.z; }
    if unit + 3u < args.units { y[at + 3u] = values.w; }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let unit = id.x * 4u;
    let row = id.y * 4u;
    if unit >= args.units || row >= args.rows {
        return;
    }
    // Rows past the last one repeat it.
    let x_rows = min(row + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(args.rows - 1u)) * args.inputs;
    let bias = parameter4(args.bias + unit);
    var z0 = bias;
    var z1 = bias;
    var z2 = bias;
    var z3 = bias;
    var w_row = args.weights + unit;
    var k = 0u;
    for (; k + 4u <= args.inputs; k += 4u) {
        let w = mat4x4<f32>(
            parameter4(w_row),
            parameter4(w_row + args.units),
            parameter4(w_row + 2u * args.units),
            parameter4(w_row + 3u * args.units),
        );
        z0 += w * x4(x_rows.x + k);
        z1 += w * x4(x_rows.y + k);
        z2 += w * x4(x_rows.z + k);
        z3 += w * x4(x_rows.w + k);
        w_row += 4u * args.units;
    }
    for (; k < args.inputs; k += 1u) {
        let w = parameter4(w_row);
        z0 += w * x1(x_rows.x + k);
        z1 += w * x1(x_rows.y + k);
        z2 += w * x1(x_rows.z + k);
        z3 += w * x1(x_rows.w + k);
        w_row += args.units;
    }
    store(row, unit, z0);
    store(row + 1u, unit, z1);
    store(row + 2u, unit, z2);
    store(row + 3u, unit, z3);
}
