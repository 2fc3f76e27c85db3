// Registers the service worker (sw.js), has the training images fetched when nothing else is going on, and announces a new version,
// which is taken when the person says so, never under a running training.
(async () => {
  const workers = navigator.serviceWorker;
  // Plain http has none, nor have some private windows: the page then works as long as there is a network.
  if (!workers) return;
  const at = (id) => document.getElementById(id);
  const busy = () => ['training', 'loading', 'paused'].includes(at('status').dataset.state);
  const idle = (then) => setTimeout(() => (busy() ? idle(then) : then()), 3000);
  const untouched = () => at('status').dataset.state === 'ready' && at('prediction').textContent === '' && scrollY === 0;
  const first = !workers.controller;
  let asked = false;

  workers.addEventListener('controllerchange', () => {
    // A page from a server without the headers gets them by being loaded again. Once, and not under anybody's hands.
    if (asked) location.reload();
    if (!first || crossOriginIsolated || sessionStorage.getItem('inkling-isolated') !== null) return;
    idle(() => {
      if (!untouched()) return;
      sessionStorage.setItem('inkling-isolated', 'tried');
      location.reload();
    });
  });

  const announce = (registration) => {
    at('update').hidden = false;
    at('update-now').onclick = () => {
      at('update-later').hidden = !busy();
      if (busy()) return;
      asked = true;
      registration.waiting?.postMessage('take-over');
    };
  };

  /** Twice as long after each failure, five minutes at most, or until the network is back. */
  const pause = (failures) => new Promise((resolve) => {
    setTimeout(resolve, Math.min(1000 * 2 ** failures, 300_000) * (1 - Math.random() / 2));
    addEventListener('online', resolve, { once: true });
  });

  /** Whether that worker has got all files. */
  const isInstalled = (worker) => new Promise((resolve) => {
    const look = () => worker.state !== 'installing' && resolve(worker.state !== 'redundant');
    worker.addEventListener('statechange', look);
    look();
  });

  /** Tries again until all files are kept: what a try got that failed is there for the next one. */
  const install = async () => {
    for (let failures = 0; ; failures++) {
      const registration = await workers.register('./sw.js', { updateViaCache: 'none' }).catch((error) => console.warn(error));
      const next = registration?.installing;
      if (registration && (!next || (await isInstalled(next)))) return registration;
      await pause(failures);
    }
  };

  const registration = await install();
  if (registration.waiting && workers.controller) announce(registration);
  let failures = 0;
  registration.addEventListener('updatefound', async () => {
    if (await isInstalled(registration.installing)) {
      if (workers.controller) announce(registration);
      return;
    }
    await pause(failures++);
    registration.update().catch((error) => console.warn(error));
  });
  await workers.ready;
  // Without the site the images would be of no use.
  const isKept = async () => (await caches.keys()).some((name) => name.startsWith('inkling-site-'));
  // Where the browser keeps nothing, asking is refused.
  if ((await isKept().catch(() => false)) && !navigator.connection?.saveData) idle(() => document.dispatchEvent(new Event('inkling-fetch-images')));
})();
