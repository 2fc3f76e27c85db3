// One invocation multiplies four of the first `len` gradients by f'(z); `code` is the activation's, and `kept` what its derivative
// takes.

@group(0) @binding(1) var<storage, read> kept: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> gradients: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = item(id, groups);
    for (var k = 0u; k < 4u && 4u * i + k < args.len; k += 1u) {
        gradients[i][k] *= derivative(args.code, kept[i][k]);
    }
}
