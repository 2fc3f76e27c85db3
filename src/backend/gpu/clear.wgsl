// One invocation sets four numbers to zero.

@group(0) @binding(1) var<storage, read_write> buffer: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = item(id, groups);
    if i < (args.len + 3u) / 4u {
        buffer[i] = vec4<f32>(0.0);
    }
}
