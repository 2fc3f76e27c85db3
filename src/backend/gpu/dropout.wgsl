// One invocation sets one of the first `len` numbers to zero, or multiplies it by `scale`: `Noise::factor`.

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = item(id, groups);
    if i < args.len {
        y[i] = select(x[i] * args.scale, 0.0, (hash(args.key + i) >> 8u) < args.threshold);
    }
}
