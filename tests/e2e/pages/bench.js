// What `cargo xtask bench` does with the library inkling.js, as functions of `window.bench`. Times are the best of several.
import { Network } from '../inkling.js';
import { initialWeights, load, shuffled } from './library.js';

const EVALUATIONS = 5, PREDICTIONS = 500, ROUNDS = 5, PIXELS = 784;

/** Milliseconds of the fastest of so many runs. */
const best = async (times, run) => {
  let least = Infinity;
  for (let i = 0; i < times; i++) {
    const began = performance.now();
    await run();
    least = Math.min(least, performance.now() - began);
  }
  return least;
};

let net;

window.bench = {
  /** The browser's name and full version. */
  async browser() {
    const { fullVersionList } = await navigator.userAgentData.getHighEntropyValues(['fullVersionList']);
    const { brand, version } = fullVersionList.find(({ brand }) => brand === 'Chromium');
    return `${brand} ${version}`;
  },

  /** A fresh network with the data set. `way`: backend and workers. */
  async begin({ workload, way }) {
    net = await Network.create({ ...workload, ...way, initialWeights: initialWeights(workload.layers) });
    await net.setData(...(await load()));
  },

  /** Seconds to train on all images once, in the order of that epoch. */
  async epoch(number) {
    const [, labels] = await load(), order = shuffled(labels.length, number);
    return await best(1, () => net.train(order)) / 1000;
  },

  /** The accuracy on the test images and the milliseconds to find it out. */
  async evaluate() {
    let accuracy;
    const ms = await best(EVALUATIONS, async () => { accuracy = await net.evaluate(); });
    return { accuracy, ms };
  },

  /** Milliseconds to predict one image. */
  async predict() {
    const [, , images] = await load();
    const all = async () => {
      for (let i = 0; i < PREDICTIONS; i++) await net.predict(images.subarray(i * PIXELS, (i + 1) * PIXELS));
    };
    return await best(ROUNDS, all) / PREDICTIONS;
  },

  /** Multiplications and additions a nanosecond, of so many threads at once. */
  async gflops(threads) {
    const probe = () => new Promise((resolve, reject) => {
      const worker = new Worker('peak.js');
      worker.onmessage = ({ data }) => { worker.terminate(); resolve(data); };
      worker.onerror = reject;
    });
    const each = await Promise.all(Array.from({ length: threads }, probe));
    return each.reduce((sum, gflops) => sum + gflops, 0);
  },
};
