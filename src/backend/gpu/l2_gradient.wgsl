// One invocation adds 2 l2 w, where `scale` is 2 l2, to one weight's gradient; the layer's weights are from `weights` to `bias`.

@group(0) @binding(1) var<storage, read> parameters: array<f32>;
@group(0) @binding(2) var<storage, read_write> gradients: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = args.weights + item(id, groups);
    if i < args.bias {
        gradients[i] += args.scale * parameters[i];
    }
}
