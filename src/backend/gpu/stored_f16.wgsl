// What `blocks.wgsl` keeps in the workgroup's memory: numbers rounded to f16, which has 11 bits of them from 6e-5 to 65504.
// Slopes of the loss, which is a mean over the rows, are mostly smaller. They are multiplied by a power of two, and the sums
// divided by it: an image's slopes of 1000 still have room then, and those of 1e-6 all their bits.

alias Stored = vec4<f16>;

fn magnification() -> f32 {
    return f32(64u << firstLeadingBit(args.rows));
}

fn stored(numbers: vec4<f32>, gradient: bool) -> Stored {
    return Stored(numbers * select(1.0, magnification(), gradient));
}

fn restored(sums: vec4<f32>) -> vec4<f32> {
    return sums / select(1.0, magnification(), LEFT_IS_GRADIENT || RIGHT_IS_GRADIENT);
}
