// One invocation computes one number of y (rows, units) = gamma (x - mean) / deviation + beta, from `statistics` (4 units).

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> statistics: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let at = item(id, groups);
    if at < args.rows * args.units {
        let i = at % args.units;
        let normal = (x[at] - statistics[i]) * statistics[args.units + i];
        y[at] = statistics[2u * args.units + i] * normal + statistics[3u * args.units + i];
    }
}
