// One invocation computes a tile of dW (inputs, units) = x^T dz. Below dW's last row lies db, the column sums of dz: one
// row more of the product, as if there were another input that is always 1.

@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> dz: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> gradients: array<f32>;

const LEFT_ALONG_DEPTH: bool = false;
const RIGHT_ALONG_DEPTH: bool = false;
const LEFT_IS_GRADIENT: bool = false;
const RIGHT_IS_GRADIENT: bool = true;

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

fn size() -> vec3<u32> {
    return vec3<u32>(args.inputs + 1u, args.units, args.rows);
}

fn left(input: u32, row: u32) -> mat4x4<f32> {
    let at = row * args.inputs + input;
    let ones = vec4<f32>(1.0);
    let one = input + vec4<u32>(0u, 1u, 2u, 3u) == vec4<u32>(args.inputs);
    return transpose(mat4x4<f32>(
        select(x4(at), ones, one),
        select(x4(at + args.inputs), ones, one),
        select(x4(at + 2u * args.inputs), ones, one),
        select(x4(at + 3u * args.inputs), ones, one),
    ));
}

fn right(row: u32, unit: u32) -> mat4x4<f32> {
    let at = row * args.units + unit;
    return mat4x4<f32>(dz4(at), dz4(at + args.units), dz4(at + 2u * args.units), dz4(at + 3u * args.units));
}

fn beginning(unit: u32) -> vec4<f32> {
    return vec4<f32>(0.0);
}

fn store(input: u32, unit: u32, sums: vec4<f32>) {
    if input > args.inputs || unit >= args.units {
        return;
    }
    let at = args.weights + input * args.units + unit;
    gradients[at] = sums.x;
    if unit + 1u < args.units { gradients[at + 1u] = sums.y; }
    if unit + 2u < args.units { gradients[at + 2u] = sums.z; }
    if unit + 3u < args.units { gradients[at + 3u] = sums.w; }
}
