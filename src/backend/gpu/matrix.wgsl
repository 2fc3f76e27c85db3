// What the three matrix products share. Matrices are bound as vec4: where every row begins at a multiple of four
// (ALIGNED) four neighbouring numbers are one load, elsewhere two. What lies past the end of a row is loaded too, and
// never stored; past the end of a buffer WebGPU returns some number of the buffer or zero.
//
// A product C (m, n) = A (m, depth) B (depth, n) says what its A and B are, four by four numbers at a time:
//   size() -> vec3<u32>          m, n and depth
//   left(i, k) -> mat4x4<f32>    a column for each of the rows i to i + 3 of A, with its numbers k to k + 3
//   right(k, j) -> mat4x4<f32>   a column for each of the rows k to k + 3 of B, with its numbers j to j + 3
//   beginning(j) -> vec4<f32>    what the sums of columns j to j + 3 begin with
//   store(i, j, sums)            takes C's row i, columns j to j + 3; what lies outside of C is not stored
// and `tiles.wgsl`, `slices.wgsl`, `subgroup_slices.wgsl` or `blocks.wgsl` computes it. LEFT_ALONG_DEPTH and RIGHT_ALONG_DEPTH say
// whether numbers of A and B that lie side by side in memory are of neighbouring depths, LEFT_IS_GRADIENT and RIGHT_IS_GRADIENT
// whether they are slopes of the loss; C's sums then begin with zero.

override ALIGNED: bool = false;

// The four numbers from number `shift` (1 to 3) of `low` on.
fn joined(low: vec4<f32>, high: vec4<f32>, shift: u32) -> vec4<f32> {
    switch shift {
        case 1u: { return vec4<f32>(low.yzw, high.x); }
        case 2u: { return vec4<f32>(low.zw, high.xy); }
        default: { return vec4<f32>(low.w, high.xyz); }
    }
}

// A and B with zeros past their depth: whatever else is there may not be a number, and would spoil the sums.
fn left_within(i: u32, k: u32) -> mat4x4<f32> {
    let a = left(i, k);
    let depth = size().z;
    if k + 4u <= depth {
        return a;
    }
    let within = k + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(depth);
    let zero = vec4<f32>(0.0);
    return mat4x4<f32>(
        select(zero, a[0], within),
        select(zero, a[1], within),
        select(zero, a[2], within),
        select(zero, a[3], within),
    );
}

fn right_within(k: u32, j: u32) -> mat4x4<f32> {
    let b = right(k, j);
    let depth = size().z;
    if k + 4u <= depth {
        return b;
    }
    let zero = vec4<f32>(0.0);
    return mat4x4<f32>(
        select(zero, b[0], k < depth),
        select(zero, b[1], k + 1u < depth),
        select(zero, b[2], k + 2u < depth),
        select(zero, b[3], k + 3u < depth),
    );
}
