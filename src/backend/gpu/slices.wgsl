// A product whose C has too few 4x4 tiles to keep a graphics device busy: SLICES invocations share a tile, each sums up
// every SLICES-th part of the depth, and four of them add up a row of the tile each.

// Tiles of a workgroup's part of C, in x as in y, and invocations to a tile, at least four.
override SIDE: u32 = 4u;
override SLICES: u32 = 16u;

// [slice][row of the tile][tile].
var<workgroup> slices: array<vec4<f32>, SIDE * SIDE * SLICES * 4u>;

@compute @workgroup_size(SIDE, SIDE, SLICES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let i = (group.y * SIDE + local.y) * 4u;
    let j = (group.x * SIDE + local.x) * 4u;
    let depth = size().z;
    var sums = mat4x4<f32>();
    if i < size().x && j < size().y {
        var k = local.z * 4u;
        for (; k + 4u <= depth; k += SLICES * 4u) {
            sums += right(k, j) * left(i, k);
        }
        if k < depth {
            sums += right_within(k, j) * left_within(i, k);
        }
    }
    let tile = local.y * SIDE + local.x;
    for (var row = 0u; row < 4u; row += 1u) {
        slices[(local.z * 4u + row) * SIDE * SIDE + tile] = sums[row];
    }
    workgroupBarrier();
    if local.z < 4u {
        var sum = beginning(j);
        for (var slice = 0u; slice < SLICES; slice += 1u) {
            sum += slices[(slice * 4u + local.z) * SIDE * SIDE + tile];
        }
        store(i + local.z, j, sum);
    }
}
