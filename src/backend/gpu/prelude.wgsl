// What every kernel begins with: its scalar arguments, and which item an invocation computes.

// Offsets count numbers, except `labels`, which counts bytes. Each kernel says which of these it reads.
struct Args {
    rows: u32,
    inputs: u32,
    units: u32,
    weights: u32,
    bias: u32,
    start: u32,
    labels: u32,
    len: u32,
    // An activation's, an optimizer's or a loss's `wgsl_code`.
    code: u32,
    smoothing: f32,
    scale: f32,
    rate: f32,
    epsilon: f32,
    beta1: f32,
    beta2: f32,
    decay: f32,
    // Of random changes of images: pixels along a side, what an epoch's draws have in common (of a Dropout: `Noise::key`), and the
    // `Augmentation`.
    side: u32,
    key: u32,
    half_turn: f32,
    shear: f32,
    smallest: f32,
    largest: f32,
    stretch: f32,
    shift: f32,
    elastic: f32,
    thickness: f32,
    // Of a normalization: where gamma is, and the moving averages.
    gamma: u32,
    moving: u32,
    // Of a Dropout: `Noise::threshold`.
    threshold: u32,
}

@group(0) @binding(0) var<uniform> args: Args;

// The number of this invocation in a grid of 64-wide workgroups; a long grid continues in y.
fn item(id: vec3<u32>, groups: vec3<u32>) -> u32 {
    return id.y * groups.x * 64u + id.x;
}
