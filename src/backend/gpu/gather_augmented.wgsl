// One invocation fetches four neighbouring pixels, or those that are left of a line, of the changed copy of image
// order[start + r] to row r of x (rows, inputs); an image's first also its label. The twin of `data/augment.rs` and
// `data/augmenter.rs`, which say what the numbers are.

@group(0) @binding(3) var<storage, read_write> x: array<f32>;

const INTERVALS = 4;
const POINTS = 7;

const ROTATION = 0u;
const SHEAR = 1u;
const SCALE = 2u;
const STRETCH = 3u;
const SHIFT = 4u;
const THICKNESS = 6u;
const GRID = 8u;

fn even(key: u32, index: u32) -> f32 {
    return f32(hash(key + index) >> 8u) * 0x1p-23f - 1.0;
}

// 1.5 for 0.5, and 1 / 1.5 for -0.5.
fn factor(change: f32) -> f32 {
    return select(1.0 + change, 1.0 / (1.0 - change), change < 0.0);
}

fn spline(distance: vec4<f32>) -> vec4<f32> {
    let d = abs(distance);
    let near = 4.0 - 6.0 * d * d + 3.0 * d * d * d;
    let left = max(2.0 - d, vec4<f32>(0.0));
    return select(left * left * left, near, d < vec4<f32>(1.0)) / 6.0;
}

// A pixel; outside is paper.
fn ink(image: u32, column: i32, line: i32) -> f32 {
    let side = i32(args.side);
    if column < 0 || line < 0 || column >= side || line >= side {
        return 0.0;
    }
    return f32(byte(image * args.inputs + u32(line * side + column)));
}

// The same with strokes that are wider, or, below zero, narrower.
fn stroke(image: u32, column: i32, line: i32, wider: f32) -> f32 {
    let here = ink(image, column, line);
    if wider == 0.0 {
        return here;
    }
    let left = ink(image, column - 1, line);
    let right = ink(image, column + 1, line);
    let above = ink(image, column, line - 1);
    let below = ink(image, column, line + 1);
    let least = min(min(left, right), min(here, min(above, below)));
    let most = max(max(left, right), max(here, max(above, below)));
    return here + abs(wider) * (select(least, most, wider > 0.0) - here);
}

// The ink at a place between pixels, as a whole number.
fn ink_at(image: u32, place: vec2<f32>, wider: f32) -> f32 {
    let at = clamp(place, vec2<f32>(-2.0), vec2<f32>(f32(args.side) + 1.0));
    let first = floor(at);
    let part = at - first;
    let c = vec2<i32>(first);
    let upper = vec2<f32>(stroke(image, c.x, c.y, wider), stroke(image, c.x + 1, c.y, wider));
    let lower = vec2<f32>(stroke(image, c.x, c.y + 1, wider), stroke(image, c.x + 1, c.y + 1, wider));
    let beside = vec2<f32>(upper.x, lower.x) + part.x * vec2<f32>(upper.y - upper.x, lower.y - lower.x);
    return floor(beside.x + part.y * (beside.y - beside.x) + 0.5);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let item = item(id, groups);
    let parts = (args.side + 3u) / 4u;
    let line = item / parts % args.side;
    let row = item / parts / args.side;
    if row >= args.rows {
        return;
    }
    let column = item % parts * 4u;
    let image = order[args.start + row];
    if line == 0u && column == 0u {
        labels[row] = f32(byte(args.labels + image));
    }
    let key = hash(image ^ args.key);

    // The affine part, backwards.
    let turn = args.half_turn * even(key, ROTATION);
    let sine = 2.0 * turn / (1.0 + turn * turn);
    let cosine = (1.0 - turn * turn) / (1.0 + turn * turn);
    let shear = args.shear * even(key, SHEAR);
    let size = args.smallest + (args.largest - args.smallest) * (even(key, SCALE) + 1.0) / 2.0;
    let stretch = factor(args.stretch * even(key, STRETCH));
    let across = 1.0 / (size * stretch);
    let down = stretch / size;
    let centre = (f32(args.side) - 1.0) / 2.0;
    let columns = f32(column) + vec4<f32>(0.0, 1.0, 2.0, 3.0);
    let u = columns - centre - args.shift * even(key, SHIFT);
    let v = f32(line) - centre - args.shift * even(key, SHIFT + 1u);
    var from_x = centre + cosine * across * u + (sine + shear * cosine) * across * v;
    var from_y = centre - sine * down * u + (cosine - shear * sine) * down * v;

    // The elastic part: the line's points, each a mean over its column of the grid, and the splines between them.
    if args.elastic != 0.0 {
        let along = columns * f32(INTERVALS) / f32(args.side);
        let beside = f32(line) * f32(INTERVALS) / f32(args.side);
        for (var j = 0; j < POINTS; j += 1) {
            var point = vec2<f32>(0.0);
            for (var i = 0; i < POINTS; i += 1) {
                let number = GRID + 2u * u32(i * POINTS + j);
                let weight = spline(vec4<f32>(beside - f32(i - 1))).x;
                if weight > 0.0 {
                    point += weight * args.elastic * vec2<f32>(even(key, number), even(key, number + 1u));
                }
            }
            let weights = spline(along - f32(j - 1));
            from_x += weights * point.x;
            from_y += weights * point.y;
        }
    }

    let wider = clamp(args.thickness * even(key, THICKNESS), -1.0, 1.0);
    let first = row * args.inputs + line * args.side + column;
    for (var i = 0u; i < 4u && column + i < args.side; i += 1u) {
        x[first + i] = ink_at(image, vec2<f32>(from_x[i], from_y[i]), wider) / 255.0;
    }
}
