// A product divided as in `slices.wgsl`, but the invocations that share a tile are neighbours in a subgroup. Every subgroup has
// fours of them: they exchange their sums until each has one row of the tile. Only what several fours have of a row goes through
// the workgroup's memory.

// Tiles of a workgroup's part of C, in x as in y, and invocations to a tile, a multiple of four.
override SIDE: u32 = 4u;
override SLICES: u32 = 16u;

// [tile][four][row of the tile].
var<workgroup> rows: array<vec4<f32>, SIDE * SIDE * SLICES>;

@compute @workgroup_size(SIDE * SIDE * SLICES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
    let slice = index % SLICES;
    let tile = index / SLICES;
    let i = (group.y * SIDE + tile / SIDE) * 4u;
    let j = (group.x * SIDE + tile % SIDE) * 4u;
    let depth = size().z;
    var sums = mat4x4<f32>();
    if i < size().x && j < size().y {
        var k = slice * 4u;
        for (; k + 4u <= depth; k += SLICES * 4u) {
            sums += right(k, j) * left(i, k);
        }
        if k < depth {
            sums += right_within(k, j) * left_within(i, k);
        }
    }
    // Two rows for the other two, then one for the other one.
    let last_two = (slice & 2u) != 0u;
    let even = select(sums[0], sums[2], last_two) + subgroupShuffleXor(select(sums[2], sums[0], last_two), 2u);
    let odd = select(sums[1], sums[3], last_two) + subgroupShuffleXor(select(sums[3], sums[1], last_two), 2u);
    let is_odd = (slice & 1u) != 0u;
    var sum = select(even, odd, is_odd) + subgroupShuffleXor(select(odd, even, is_odd), 1u);
    if SLICES > 4u {
        rows[index] = sum;
        workgroupBarrier();
    }
    if slice < 4u {
        for (var four = 4u; four < SLICES; four += 4u) {
            sum += rows[index + four];
        }
        store(i + slice, j, beginning(j) + sum);
    }
}
