// Starts a training worker. Messages that come before the engine is loaded are kept for it: a worker's messages are
// delivered as soon as this script has run, and loading takes longer. The worker's name is its backend's.
const inbox = [];
onmessage = (message) => inbox.push(message.data);

/** Has every device use subgroups where the adapter can: wgpu has no name for that in browsers, and would not ask for it. */
const askForSubgroups = () => {
  const adapter = globalThis.GPUAdapter?.prototype;
  if (!adapter) return;
  const { requestDevice } = adapter;
  adapter.requestDevice = function (descriptor) {
    const features = [...descriptor?.requiredFeatures ?? [], ...['subgroups'].filter((name) => this.features.has(name))];
    return requestDevice.call(this, { ...descriptor, requiredFeatures: features });
  };
};

const load = async () => {
  if (name === 'webgpu') askForSubgroups();
  const { default: init, ...engine } = await import(name === 'webgpu' ? './inkling_gpu.js' : './engine.js');
  await init();
  return name === 'webgpu' ? engine.runGpuWorker : engine.runWorker;
};

let run;
try {
  run = await load();
} catch (error) {
  // It broke off on its way, for all that one can tell: a text says so to the page, which starts another worker after a while.
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) reportError(error);
  else postMessage(String(error));
}
try {
  await run?.(inbox);
} catch (error) {
  reportError(error); // the page hears it as the worker's error event
}
