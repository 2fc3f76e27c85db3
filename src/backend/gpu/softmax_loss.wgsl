// One invocation takes one of the logits z (rows, units) and gives its dz, the slope of `scale` times the loss with the number
// `code` (`Loss::wgsl_code`), of p = softmax(z) and the target t, which is (1 - smoothing) onehot(label) + smoothing / units, and
// 1 / units where the label is no class. A row's first adds the row's loss, and whether it is read right, to the row's two sums.

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
    let label = begin + u32(labels[row]);
    // Of the target, so much is spread over all classes.
    let spread = select(1.0, args.smoothing, label < end);
    let each = spread / f32(args.units);
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
    let off = p - each - select(0.0, 1.0 - spread, at == label);
    dz[at] = off * args.scale;
    if at != begin && args.code == 0u {
        return;
    }
    var loss = log(sum) + largest;
    if args.code == 0u {
        for (var i = begin; i < end; i += 1u) {
            loss -= z[i] * (each + select(0.0, 1.0 - spread, i == label));
        }
    } else {
        // Mean squared error.
        var squares = 0.0;
        var along = 0.0;
        for (var i = begin; i < end; i += 1u) {
            let p_i = exp(z[i] - largest) / sum;
            let off_i = p_i - each - select(0.0, 1.0 - spread, i == label);
            squares += off_i * off_i;
            along += off_i * p_i;
        }
        dz[at] = 2.0 / f32(args.units) * p * (off - along) * args.scale;
        loss = squares / f32(args.units);
    }
    if at == begin {
        sums[2u * row] += loss;
        if answer == label {
            sums[2u * row + 1u] += 1.0;
        }
    }
}
