// One invocation fetches one pixel of x (rows, inputs), from image order[start + row]; a row's first also its label.
// Four bytes are packed into a u32: the pixels of all images, then, from byte `labels` on, their labels.

@group(0) @binding(1) var<storage, read> data: array<u32>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read_write> x: array<f32>;
@group(0) @binding(4) var<storage, read_write> labels: array<f32>;

fn byte(at: u32) -> f32 {
    return f32(extractBits(data[at / 4u], at % 4u * 8u, 8u));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = item(id, groups);
    if i >= args.rows * args.inputs {
        return;
    }
    let row = i / args.inputs;
    let pixel = i % args.inputs;
    let image = order[args.start + row];
    x[i] = byte(image * args.inputs + pixel) / 255.0;
    if pixel == 0u {
        labels[row] = byte(args.labels + image);
    }
}
