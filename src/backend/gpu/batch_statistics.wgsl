// One invocation takes one column of x (rows, units): its mean, 1 / sqrt(variance + epsilon), gamma and beta go to `statistics`
// (4 units), and the moving averages go on, of which `beta1` stays.

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> parameters: array<f32>;
@group(0) @binding(3) var<storage, read_write> statistics: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = item(id, groups);
    if i >= args.units {
        return;
    }
    var mean = 0.0;
    for (var row = 0u; row < args.rows; row += 1u) {
        mean += x[row * args.units + i] / f32(args.rows);
    }
    var variance = 0.0;
    for (var row = 0u; row < args.rows; row += 1u) {
        let off = x[row * args.units + i] - mean;
        variance += off * off / f32(args.rows);
    }
    parameters[args.moving + i] += (1.0 - args.beta1) * (mean - parameters[args.moving + i]);
    parameters[args.moving + args.units + i] += (1.0 - args.beta1) * (variance - parameters[args.moving + args.units + i]);
    statistics[i] = mean;
    statistics[args.units + i] = 1.0 / sqrt(variance + args.epsilon);
    statistics[2u * args.units + i] = parameters[args.gamma + i];
    statistics[3u * args.units + i] = parameters[args.gamma + args.units + i];
}
