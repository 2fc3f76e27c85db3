// Starts the training worker. Messages that come before the engine is loaded are kept for it: a worker's messages are
// delivered as soon as this script has run, and loading takes longer.
import init, { runWorker } from './inkling.js';

const inbox = [];
onmessage = (message) => inbox.push(message.data);
try {
  await init();
  await runWorker(inbox);
} catch (error) {
  reportError(error); // the page hears it as the worker's error event
}
