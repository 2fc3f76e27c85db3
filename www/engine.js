// Loads one of two builds of the same engine: with relaxed SIMD, where a multiply-add is one instruction, for browsers that have
// it. All workers load it through this file, so that they compute the same bits.

/** A module with one function, whose body is f32x4.relaxed_madd of three constants. */
const RELAXED = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0,
  65, 1, 253, 17, 65, 2, 253, 17, 65, 3, 253, 17, 253, 133, 2, 11,
);

const name = WebAssembly.validate(RELAXED) ? 'inkling_relaxed.wasm' : 'inkling_simd.wasm';

/** Compiles while it downloads, where the server says that it is WebAssembly. */
const compile = async (url) => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status} ${response.statusText}`);
  const streams = response.headers.get('content-type') === 'application/wasm';
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
};

// Both are on their way before anybody calls `init`.
const wasm = compile(new URL(name, import.meta.url));
wasm.catch(() => {}); // `init` reports it
const engine = await import('./inkling_cpu.js');

/** Loads the engine. */
export default async function init() {
  await engine.default({ module_or_path: wasm });
}

export const { runWorker } = engine;
