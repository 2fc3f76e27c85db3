// Registers the service worker (sw.js), fetches the training images when nothing else is going on, and announces a new version,
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

  const registration = await workers.register('./sw.js', { updateViaCache: 'none' }).catch((error) => console.warn(error));
  if (!registration) return;
  if (registration.waiting && workers.controller) announce(registration);
  registration.addEventListener('updatefound', () => {
    const next = registration.installing;
    next.addEventListener('statechange', () => {
      if (next.state === 'installed' && workers.controller) announce(registration);
    });
  });
  const ready = await workers.ready;
  if (!navigator.connection?.saveData) idle(() => ready.active.postMessage('fetch-images'));
})();
