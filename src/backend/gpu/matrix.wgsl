// Four neighbouring numbers of a matrix at once. Matrices are bound as vec4: where every row begins at a multiple of
// four (ALIGNED) that is one load, elsewhere two. What lies past the end of a row is loaded too, and never stored;
// past the end of a buffer WebGPU returns some number of the buffer or zero.

override ALIGNED: bool = false;

// The four numbers from number `shift` (1 to 3) of `low` on.
fn joined(low: vec4<f32>, high: vec4<f32>, shift: u32) -> vec4<f32> {
    switch shift {
        case 1u: { return vec4<f32>(low.yzw, high.x); }
        case 2u: { return vec4<f32>(low.zw, high.xy); }
        default: { return vec4<f32>(low.w, high.xyz); }
    }
}
