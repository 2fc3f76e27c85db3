// One invocation fetches four numbers of x (rows, inputs), of row r from image order[start + r]; a row's first also its
// label.

@group(0) @binding(3) var<storage, read_write> x: array<vec4<f32>>;

// Whether images begin at whole words.
override ALIGNED: bool = false;

// Number `at` of x, and what comes with the first of a row.
fn fetch(at: u32) -> u32 {
    let row = at / args.inputs;
    let pixel = at % args.inputs;
    let image = order[args.start + row];
    if pixel == 0u {
        labels[row] = f32(byte(args.labels + image));
    }
    return byte(image * args.inputs + pixel);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let at = 4u * item(id, groups);
    let len = args.rows * args.inputs;
    if at >= len {
        return;
    }
    if ALIGNED {
        let row = at / args.inputs;
        let pixel = at % args.inputs;
        let image = order[args.start + row];
        x[at / 4u] = unpack4x8unorm(data[(image * args.inputs + pixel) / 4u]);
        if pixel == 0u {
            labels[row] = f32(byte(args.labels + image));
        }
        return;
    }
    var pixels = vec4<u32>(0u);
    for (var i = 0u; i < 4u && at + i < len; i += 1u) {
        pixels[i] = fetch(at + i);
    }
    // Of the last four, those past the end stay.
    let inside = at + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(len);
    x[at / 4u] = select(x[at / 4u], vec4<f32>(pixels) / 255.0, inside);
}
