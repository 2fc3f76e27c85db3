// A large product through the workgroup's memory: 8x8 invocations sum up a block of 64x64 numbers of C, an invocation
// four 4x4 tiles of it, 32 numbers apart. Sixteen numbers deep at a time, each invocation fetches one 4x4 tile of A and
// one of B for all, so that a number fetched is used 64 times. `stored_f32.wgsl` or `stored_f16.wgsl` says as what.

const DEEP: u32 = 16u;
// Vectors of four in a block's width.
const WIDE: u32 = 16u;

// [k][i / 4] and [k][j / 4].
var<workgroup> block_a: array<Stored, 256>;
var<workgroup> block_b: array<Stored, 256>;

fn outer(a: vec4<f32>, b: vec4<f32>) -> mat4x4<f32> {
    return mat4x4<f32>(a.x * b, a.y * b, a.z * b, a.w * b);
}

fn store_tile(i: u32, j: u32, sums: mat4x4<f32>) {
    store(i, j, restored(sums[0]));
    store(i + 1u, j, restored(sums[1]));
    store(i + 2u, j, restored(sums[2]));
    store(i + 3u, j, restored(sums[3]));
}

@compute @workgroup_size(8, 8)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
    @builtin(local_invocation_index) index: u32,
) {
    let i = group.y * 64u + local.y * 4u;
    let j = group.x * 64u + local.x * 4u;
    // Which tile it fetches: neighbours fetch what lies side by side in memory.
    let a_tile = select(vec2<u32>(index % WIDE, index / WIDE), vec2<u32>(index / 4u, index % 4u), LEFT_ALONG_DEPTH);
    let b_tile = select(vec2<u32>(index % WIDE, index / WIDE), vec2<u32>(index / 4u, index % 4u), RIGHT_ALONG_DEPTH);
    let start_0 = beginning(j);
    let start_1 = beginning(j + 32u);
    var sums_00 = mat4x4<f32>(start_0, start_0, start_0, start_0);
    var sums_01 = mat4x4<f32>(start_1, start_1, start_1, start_1);
    var sums_10 = sums_00;
    var sums_11 = sums_01;
    for (var begin = 0u; begin < size().z; begin += DEEP) {
        let a = transpose(left_within(group.y * 64u + a_tile.x * 4u, begin + a_tile.y * 4u));
        let b = right_within(begin + b_tile.y * 4u, group.x * 64u + b_tile.x * 4u);
        // Nobody may still read what the last round left.
        workgroupBarrier();
        for (var k = 0u; k < 4u; k += 1u) {
            block_a[(a_tile.y * 4u + k) * WIDE + a_tile.x] = stored(a[k], LEFT_IS_GRADIENT);
            block_b[(b_tile.y * 4u + k) * WIDE + b_tile.x] = stored(b[k], RIGHT_IS_GRADIENT);
        }
        workgroupBarrier();
        for (var k = 0u; k < DEEP; k += 1u) {
            let a_0 = vec4<f32>(block_a[k * WIDE + local.y]);
            let a_1 = vec4<f32>(block_a[k * WIDE + 8u + local.y]);
            let b_0 = vec4<f32>(block_b[k * WIDE + local.x]);
            let b_1 = vec4<f32>(block_b[k * WIDE + 8u + local.x]);
            sums_00 += outer(a_0, b_0);
            sums_01 += outer(a_0, b_1);
            sums_10 += outer(a_1, b_0);
            sums_11 += outer(a_1, b_1);
        }
    }
    store_tile(i, j, sums_00);
    store_tile(i, j + 32u, sums_01);
    store_tile(i + 32u, j, sums_10);
    store_tile(i + 32u, j + 32u, sums_11);
}
