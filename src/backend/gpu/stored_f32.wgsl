// What `blocks.wgsl` keeps in the workgroup's memory: numbers as they are.

alias Stored = vec4<f32>;

fn stored(numbers: vec4<f32>, gradient: bool) -> Stored {
    return numbers;
}

fn restored(sums: vec4<f32>) -> vec4<f32> {
    return sums;
}
