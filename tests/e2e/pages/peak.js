// A worker that says how many multiplications and additions a nanosecond WebAssembly's SIMD does in it.

const CHAINS = 12, LANES = 4, TIMES = 100_000, ROUNDS = 200;

/** Operations by their codes, as the specification has them. */
const get = (local) => [0x20, local], set = (local) => [0x21, local], tee = (local) => [0x22, local];
const f32 = (value) => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)];
const splat = [0xfd, 0x13], add = [0xfd, 0xe4, 0x01], multiply = [0xfd, 0xe6, 0x01], firstLane = [0xfd, 0x1f, 0];
const END = 0x0b, F32 = 0x7d, I32 = 0x7f, V128 = 0x7b;

/** The numbers from 1 to n: the chains' locals; 0 is the number of times, the one after them holds ones. */
const upTo = (n) => Array.from({ length: n }, (_, i) => i + 1);
const chains = upTo(CHAINS), ones = CHAINS + 1;

/** chain = chain * 1 + 1, so many times; returns the sum of the chains' first lanes. Chain i starts at i. */
const body = [
  1, ones, V128,
  ...chains.flatMap((chain) => [...f32(chain), ...splat, ...set(chain)]), ...f32(1), ...splat, ...set(ones),
  0x03, 0x40, // loop
  ...chains.flatMap((chain) => [...get(chain), ...get(ones), ...multiply, ...get(ones), ...add, ...set(chain)]),
  ...get(0), 0x41, 1, 0x6b, ...tee(0), 0x0d, 0, END, // times - 1; again unless it is 0
  ...get(1), ...chains.slice(1).flatMap((chain) => [...get(chain), ...add]), ...firstLane, END,
];

/** A length in front of its bytes, as LEB128 of two bytes. */
const sized = (bytes) => [0x80 | (bytes.length & 0x7f), bytes.length >> 7, ...bytes];
const section = (number, bytes) => [number, ...sized(bytes)];
const module = Uint8Array.from([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  ...section(1, [1, 0x60, 1, I32, 1, F32]), ...section(3, [1, 0]), ...section(7, [1, 3, 0x72, 0x75, 0x6e, 0, 0]),
  ...section(10, [1, ...sized(body)]),
]);

const { run } = new WebAssembly.Instance(new WebAssembly.Module(module)).exports;
const expected = CHAINS * TIMES + chains.reduce((sum, chain) => sum + chain, 0);
let least = Infinity;
for (let round = 0; round < ROUNDS; round++) {
  const began = performance.now(), sum = run(TIMES);
  least = Math.min(least, performance.now() - began);
  if (sum !== expected) throw new Error(`the sum is ${sum}, should be ${expected}`);
}
postMessage(2 * CHAINS * LANES * TIMES / least / 1e6);
