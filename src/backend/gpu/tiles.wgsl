// A product in registers alone: one invocation sums up a 4x4 tile of C.

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let i = id.y * 4u;
    let j = id.x * 4u;
    if i >= size().x || j >= size().y {
        return;
    }
    let depth = size().z;
    let start = beginning(j);
    var sums = mat4x4<f32>(start, start, start, start);
    var k = 0u;
    for (; k + 4u <= depth; k += 4u) {
        sums += right(k, j) * left(i, k);
    }
    if k < depth {
        sums += right_within(k, j) * left_within(i, k);
    }
    store(i, j, sums[0]);
    store(i + 1u, j, sums[1]);
    store(i + 2u, j, sums[2]);
    store(i + 3u, j, sums[3]);
}
