// One invocation takes one of the logits z (rows, units): its dz = (softmax(z) - onehot(label)) * scale. That of a row's
// label adds the row's loss and whether it is read right to the row's two sums.

@group(0) @binding(1) var<storage, read> z: array<f32>;
@group(0) @binding(2) var<storage, read> labels: array<f32>;
@group(0) @binding(3) var<storage, read_write> dz: array<f32>;
@group(0) @binding(4) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let at = item(id, groups);
    if at >= args.rows * args.units {
        return;
    }
    let row = at / args.units;
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
        sum += exp(z[i] - largest);
    }
    let p = exp(z[at] - largest) / sum;
    dz[at] = (p - select(0.0, 1.0, at == target_at)) * args.scale;
    if at == target_at {
        sums[2u * row] += log(sum) + largest - z[target_at];
        if answer == target_at {
            sums[2u * row + 1u] += 1.0;
        }
    }
}
