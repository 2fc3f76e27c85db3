// One invocation turns one row of logits z (rows, units) into probabilities p.

@group(0) @binding(1) var<storage, read> z: array<f32>;
@group(0) @binding(2) var<storage, read_write> p: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let row = item(id, groups);
    if row >= args.rows {
        return;
    }
    let begin = row * args.units;
    let end = begin + args.units;
    // The largest is subtracted so that exp can't overflow.
    var largest = z[begin];
    for (var i = begin; i < end; i += 1u) {
        largest = max(largest, z[i]);
    }
    var sum = 0.0;
    for (var i = begin; i < end; i += 1u) {
        let e = exp(z[i] - largest);
        p[i] = e;
        sum += e;
    }
    for (var i = begin; i < end; i += 1u) {
        p[i] = p[i] / sum;
    }
}
