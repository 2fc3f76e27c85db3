// One invocation computes a = f(z) of four of the first `len` numbers, where z is kept; `code` is the activation's.

@group(0) @binding(1) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> a: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = item(id, groups);
    if i < (args.len + 3u) / 4u {
        // Of the last four, those past the end stay.
        let inside = 4u * i + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(args.len);
        a[i] = select(a[i], activate(args.code, z[i]), inside);
    }
}
