// One invocation takes one column: dgamma and dbeta go to their place in the flat gradients, and dx takes the place of dy
// (rows, units). `statistics` (4 units) are those of x.

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> statistics: array<f32>;
@group(0) @binding(3) var<storage, read_write> dy: array<f32>;
@group(0) @binding(4) var<storage, read_write> gradients: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = item(id, groups);
    if i >= args.units {
        return;
    }
    let mean = statistics[i];
    let inverse = statistics[args.units + i];
    let gamma = statistics[2u * args.units + i];
    var dgamma = 0.0;
    var dbeta = 0.0;
    for (var row = 0u; row < args.rows; row += 1u) {
        let at = row * args.units + i;
        dgamma += dy[at] * (x[at] - mean) * inverse;
        dbeta += dy[at];
    }
    gradients[args.gamma + i] = dgamma;
    gradients[args.gamma + args.units + i] = dbeta;
    for (var row = 0u; row < args.rows; row += 1u) {
        let at = row * args.units + i;
        let normal = (x[at] - mean) * inverse;
        dy[at] = gamma * inverse * (dy[at] - (dbeta + normal * dgamma) / f32(args.rows));
    }
}
