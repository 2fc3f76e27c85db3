// What the tests do with the library inkling.js, as functions of `window.library`; the bench imports the data from here.
import init, { Network } from '../inkling.js';

/** xorshift32, by which every implementation that was measured draws the same weights and order. */
const xorshift = (seed) => {
  let s = seed >>> 0 || 1;
  return () => {
    s ^= s << 13; s >>>= 0; s ^= s >>> 17; s ^= s << 5; s >>>= 0;
    return s;
  };
};

/** Glorot-uniform weights, layer by layer, W then b. */
export const initialWeights = (layers) => {
  const random = xorshift(7), weights = [];
  for (let l = 0; l + 1 < layers.length; l++) {
    const limit = Math.sqrt(6 / (layers[l] + layers[l + 1]));
    for (let i = 0; i < layers[l] * layers[l + 1]; i++) weights.push((random() / 4294967296 * 2 - 1) * limit);
    for (let i = 0; i < layers[l + 1]; i++) weights.push(0);
  }
  return Float32Array.from(weights);
};

/** The order of an epoch. */
export const shuffled = (n, epoch) => {
  const random = xorshift(epoch * 2654435761 + 12345), order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random() % (i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
};

const read = async (name, header) => {
  const packed = await fetch(`../data/${name}.gz`);
  const raw = await new Response(packed.body.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
  return new Uint8Array(raw).subarray(header);
};

let mnist;
export const load = () => (mnist ??= Promise.all([
  read('train-images-idx3-ubyte', 16), read('train-labels-idx1-ubyte', 8),
  read('t10k-images-idx3-ubyte', 16), read('t10k-labels-idx1-ubyte', 8),
]));

const slides = { layers: [784, 128, 10], activation: 'sigmoid', optimizer: 'sgd', learningRate: 0.1, batchSize: 128 };

/** Six "images" of four pixels in three classes, so that a network is quick to train. */
const tiny = { layers: [4, 5, 3], batchSize: 2, backend: 'cpu', workers: 1 };
const tinyImages = Uint8Array.from({ length: 24 }, (_, i) => (i * 37) % 256), tinyLabels = Uint8Array.of(0, 1, 2, 0, 1, 2);
const giveTiny = (net) => net.setData(tinyImages, tinyLabels, tinyImages, tinyLabels);

/** What `action` throws: whether it is an Error, and its message. */
const thrown = async (action) => {
  try {
    await action();
    return { isError: false, message: 'nothing was thrown' };
  } catch (error) {
    return { isError: error instanceof Error, message: String(error?.message ?? error) };
  }
};

const withTiny = (action) => async () => {
  const net = await Network.create(tiny);
  try {
    await giveTiny(net);
    await action(net);
  } finally {
    net.free();
  }
};

const create = (change) => async () => (await Network.create({ ...tiny, ...change })).free();

window.library = {
  /** Test accuracy after the first and after the last epoch of the network on the slides. */
  async accuracies({ workers, epochs }) {
    const net = await Network.create({ ...slides, backend: 'cpu', workers, initialWeights: initialWeights(slides.layers) });
    await net.setData(...(await load()));
    const accuracies = [];
    for (let epoch = 1; epoch <= epochs; epoch++) {
      await net.train(shuffled(60000, epoch));
      if (epoch === 1 || epoch === epochs) accuracies.push(await net.evaluate());
    }
    const image = (await load())[2].subarray(0, 784), probabilities = [...(await net.predict(image))];
    const { backend } = net;
    net.free();
    return { accuracies, backend, probabilities };
  },

  /** A network by its defaults: predicts before it has data, learns a little, gives out its weights. */
  async defaults(backend) {
    const net = await Network.create({ layers: [784, 16, 10], backend, seed: 3 });
    const before = [...(await net.predict(new Uint8Array(784)))], first = [...net.weights()];
    const [images, labels, testImages, testLabels] = await load();
    await net.setData(images.subarray(0, 784 * 500), labels.subarray(0, 500), testImages, testLabels);
    const untrained = await net.evaluate();
    await net.train(shuffled(500, 1));
    const result = {
      before, untrained, trained: await net.evaluate(), moved: net.weights().some((weight, i) => weight !== first[i]),
      count: first.length, backend: net.backend, reason: net.backendReason,
    };
    net.free();
    return result;
  },

  /** What is thrown by each wrong use. */
  async mistakes() {
    const seen = {};
    const note = async (name, action) => (seen[name] = await thrown(action));
    await note('no options', () => Network.create());
    await note('layers: a number', create({ layers: 784 }));
    await note('layers: one', create({ layers: [784] }));
    await note('layers: zero', create({ layers: [784, 0, 10] }));
    await note('layers: endless', create({ layers: [784, 4294967296, 10] }));
    await note('layers: NaN', create({ layers: [784, NaN, 10] }));
    await note('layers: wide', create({ layers: [784, 5000, 10] }));
    await note('layers: deep', create({ layers: [4, ...Array(40).fill(2), 3] }));
    await note('layers: many', create({ layers: Array(1e6).fill(2) }));
    await note('layers: text', create({ layers: [784, 'many', 10] }));
    await note('activation', create({ activation: 'softplus' }));
    await note('optimizer', create({ optimizer: 'magic' }));
    await note('learningRate', create({ learningRate: -1 }));
    await note('learningRate: NaN', create({ learningRate: NaN }));
    await note('learningRate: infinite', create({ learningRate: Infinity }));
    await note('learningRate: text', create({ learningRate: 'fast' }));
    await note('batchSize: half', create({ batchSize: 1.5 }));
    await note('batchSize: huge', create({ batchSize: 1e9 }));
    await note('seed', create({ seed: -3 }));
    await note('seed: huge', create({ seed: 1e300 }));
    await note('workers', create({ workers: 'all' }));
    await note('workers: huge', create({ workers: 1e6 }));
    await note('augment', create({ augment: 'yes' }));
    await note('activation: number', create({ activation: 7 }));
    await note('initialWeights: NaN', create({ initialWeights: new Float32Array(43).fill(NaN) }));
    await note('batchSize', create({ batchSize: 0 }));
    await note('backend', create({ backend: 'tpu' }));
    await note('initialWeights: length', create({ initialWeights: new Float32Array(7) }));
    await note('initialWeights: type', create({ initialWeights: [1, 2, 3] }));
    await note('train before setData', async () => {
      const net = await Network.create(tiny);
      try { await net.train(Uint32Array.of(0)); } finally { net.free(); }
    });
    await note('evaluate before setData', async () => {
      const net = await Network.create(tiny);
      try { await net.evaluate(); } finally { net.free(); }
    });
    await note('setData: lengths', withTiny((net) => net.setData(tinyImages.subarray(1), tinyLabels, tinyImages, tinyLabels)));
    // As many bytes in all, but not image by image.
    await note('setData: moved', withTiny((net) => net.setData(new Uint8Array(28), tinyLabels, new Uint8Array(20), tinyLabels)));
    await note('setData: label', withTiny((net) => net.setData(tinyImages, Uint8Array.of(0, 1, 2, 3, 1, 2), tinyImages, tinyLabels)));
    await note('setData: array', withTiny((net) => net.setData([...tinyImages], tinyLabels, tinyImages, tinyLabels)));
    await note('setData: nothing', withTiny((net) => net.setData()));
    await note('train: array', withTiny((net) => net.train([0, 1])));
    await note('train: nothing', withTiny((net) => net.train()));
    await note('predict: array', withTiny((net) => net.predict([0, 0, 0, 0])));
    await note('predict: nothing', withTiny((net) => net.predict()));
    await note('train: order', withTiny((net) => net.train(Uint32Array.of(0, 6))));
    await note('predict: length', withTiny((net) => net.predict(new Uint8Array(3))));
    await note('train twice at once', withTiny(async (net) => {
      const first = net.train(Uint32Array.of(0, 1, 2));
      try { await net.train(Uint32Array.of(0)); } finally { await first; }
    }));
    return seen;
  },

  /** After a mistake the network is as good as before: accuracy is still a share, and it trains. */
  async lives() {
    const net = await Network.create(tiny);
    await giveTiny(net);
    await thrown(() => net.train(Uint32Array.of(99)));
    const before = [...net.weights()];
    await net.train(Uint32Array.of(0, 1, 2, 3, 4));
    const result = { accuracy: await net.evaluate(), moved: net.weights().some((weight, i) => weight !== before[i]) };
    net.free();
    return result;
  },

  /** What asking for WebGPU by name says where there is none. */
  webgpu: () => thrown(async () => {
    const net = await Network.create({ ...tiny, backend: 'webgpu' });
    try { await giveTiny(net); } finally { net.free(); }
  }),
};

await init();
window.libraryIsReady = true;
