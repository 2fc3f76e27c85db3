// One invocation takes one row of logits z (rows, units): its dz = (softmax(z) - onehot(label)) * scale, and adds its
// loss and whether it is read right to its own two sums.

@group(0) @binding(1) var<storage, read> z: array<f32>;
@group(0) @binding(2) var<storage, read> labels: array<f32>;
@group(0) @binding(3) var<storage, read_write> dz: array<f32>;
@group(0) @binding(4) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let row = item(id, groups);
    if row >= args.rows {
        return;
    }
    let begin = row * args.units;
    let end = begin + args.units;
    let target_at = begin + u32(labels[row]);
    // The largest is subtracted so that exp can't overflow; of equal ones the first counts as the answer.
    var largest = z[begin];
    var answer = begin;
    for (var i = begin + 1u; i < end; i += 1u) {
        if z[i] > largest {
            largest = z[i];
            answer = i;
        }
    }
    var sum = 0.0;
    for (var i = begin; i < end; i += 1u) {
        let e = exp(z[i] - largest);
        dz[i] = e;
        sum += e;
    }
    for (var i = begin; i < end; i += 1u) {
        dz[i] = dz[i] / sum * args.scale;
    }
    dz[target_at] -= args.scale;
    sums[2u * row] += log(sum) + largest - z[target_at];
    if answer == target_at {
        sums[2u * row + 1u] += 1.0;
    }
}
