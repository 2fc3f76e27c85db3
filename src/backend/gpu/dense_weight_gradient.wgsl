// One invocation computes a 4x4 tile of dW (inputs, units) = x^T dz; those of the first four inputs also four of db.

@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> dz: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> gradients: array<f32>;

fn x4(at: u32) -> vec4<f32> {
    if ALIGNED || at % 4u == 0u {
        return x[at / 4u];
    }
    return joined(x[at / 4u], x[at / 4u + 1u], at % 4u);
}

fn dz4(at: u32) -> vec4<f32> {
    if ALIGNED || at % 4u == 0u {
        return dz[at / 4u];
    }
    return joined(dz[at / 4u], dz[at / 4u + 1u], at % 4u);
}

// Stores the sums of four units from `unit` on at `row`, the place of a row of W or of b.
fn store(row: u32, unit: u32, sums: vec4<f32>) {
    let at = row + unit;
    gradients[at] = sums.x;
    if unit + 1u < args.units { gradients[at + 1u] = sums.y; }
    if unit + 2u < args.units { gradients[at + 2u] = sums.z; }
    if unit + 3u < args.units { gradients[at + 3u] = sums.w; }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let unit = id.x * 4u;
    let input = id.y * 4u;
    if unit >= args.units || input >= args.inputs {
        return;
    }
    var dw0 = vec4<f32>(0.0);
    var dw1 = vec4<f32>(0.0);
    var dw2 = vec4<f32>(0.0);
    var dw3 = vec4<f32>(0.0);
    var db = vec4<f32>(0.0);
    var row = 0u;
    for (; row + 4u <= args.rows; row += 4u) {
        let x_row = row * args.inputs + input;
        let dz_row = row * args.units + unit;
        let a = transpose(mat4x4<f32>(
            x4(x_row),
            x4(x_row + args.inputs),
            x4(x_row + 2u * args.inputs),
            x4(x_row + 3u * args.inputs),
        ));
        let d = mat4x4<f32>(
            dz4(dz_row),
            dz4(dz_row + args.units),
            dz4(dz_row + 2u * args.units),
            dz4(dz_row + 3u * args.units),
        );
        dw0 += d * a[0];
        dw1 += d * a[1];
        dw2 += d * a[2];
        dw3 += d * a[3];
        db += d[0] + d[1] + d[2] + d[3];
    }
    for (; row < args.rows; row += 1u) {
        let a = x4(row * args.inputs + input);
        let d = dz4(row * args.units + unit);
        dw0 += a.x * d;
        dw1 += a.y * d;
        dw2 += a.z * d;
        dw3 += a.w * d;
        db += d;
    }
    let w_row = args.weights + input * args.units;
    store(w_row, unit, dw0);
    if input + 1u < args.inputs { store(w_row + args.units, unit, dw1); }
    if input + 2u < args.inputs { store(w_row + 2u * args.units, unit, dw2); }
    if input + 3u < args.inputs { store(w_row + 3u * args.units, unit, dw3); }
    if input == 0u { store(args.bias, unit, db); }
}
