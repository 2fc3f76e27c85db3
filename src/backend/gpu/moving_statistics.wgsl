// One invocation takes one unit: its moving mean, 1 / sqrt(moving variance + epsilon), gamma and beta go to `statistics` (4 units).

@group(0) @binding(1) var<storage, read> parameters: array<f32>;
@group(0) @binding(2) var<storage, read_write> statistics: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = item(id, groups);
    if i < args.units {
        statistics[i] = parameters[args.moving + i];
        statistics[args.units + i] = 1.0 / sqrt(parameters[args.moving + args.units + i] + args.epsilon);
        statistics[2u * args.units + i] = parameters[args.gamma + i];
        statistics[3u * args.units + i] = parameters[args.gamma + args.units + i];
    }
}
