// The data set, and the numbers of a batch's images. Four bytes are packed into a u32: the pixels of all images, then, from byte
// `labels` on, their labels.

@group(0) @binding(1) var<storage, read> data: array<u32>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read_write> labels: array<f32>;

fn byte(at: u32) -> u32 {
    return extractBits(data[at / 4u], at % 4u * 8u, 8u);
}
