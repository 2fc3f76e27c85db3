// Starts a training worker. Messages that come before the engine is loaded are kept for it: a worker's messages are
// delivered as soon as this script has run, and loading takes longer. The worker's name is its backend's.
const inbox = [];
onmessage = (message) => inbox.push(message.data);
try {
  if (name === 'webgpu') {
    const { default: init, runGpuWorker } = await import('./inkling_gpu.js');
    await init();
    await runGpuWorker(inbox);
  } else {
    const { default: init, runWorker } = await import('./engine.js');
    await init();
    await runWorker(inbox);
  }
} catch (error) {
  reportError(error); // the page hears it as the worker's error event
}
