// The service worker: after one visit the site works without a network, and under any server it is cross-origin isolated.
// `cargo xtask engine` fills in VERSION (a hash of all files), FILES and POLICY when the site is built (xtask/src/offline.rs).
//
// A new version is fetched beside the one in use and waits until the page says `take-over`: see offline.js.
const VERSION = '{{version}}';
const FILES = ['{{files}}'];
/** The Content-Security-Policy, which stands in the page, too; its workers have it only as a header. */
const POLICY = "{{policy}}";
/** Everything but the images that networks learn from. */
const SITE = `inkling-site-${VERSION}`;
/** The same cache, under the same addresses, in which src/web/data.rs keeps them. */
const DATA = 'inkling-data-1';
const IMAGES = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'].map((name) => `data/${name}-ubyte.gz`);

const address = (path) => new URL(path, registration.scope).href;
const KNOWN = new Map(FILES.map((path) => [address(path), path]));

addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(SITE);
    // What has not changed since the version in use is not fetched again; `no-cache` asks the server whether it has.
    await cache.addAll(FILES.map((path) => new Request(address(path), { cache: 'no-cache' })));
  })());
});

addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith('inkling-site-') && name !== SITE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await clients.claim();
  })());
});

addEventListener('message', (event) => {
  if (event.data === 'take-over') skipWaiting();
  if (event.data === 'fetch-images') event.waitUntil(fetchImages());
});

/** Fetches the training images that are not there yet, one after the other; what fails is tried again on the next visit. */
async function fetchImages() {
  const cache = await caches.open(DATA);
  for (const path of IMAGES) {
    if (await cache.match(address(path))) continue;
    const response = await fetch(address(path));
    if (response.ok) await cache.put(address(path), response);
  }
}

addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(registration.scope)) return;
  event.respondWith(answer(request));
});

async function answer(request) {
  const url = new URL(request.url);
  url.hash = url.search = '';
  if (url.href === address('index.html')) url.href = address('./');
  const site = KNOWN.has(url.href) && await (await caches.open(SITE)).match(url.href);
  const found = site || (url.pathname.includes('/data/') && await (await caches.open(DATA)).match(url.href));
  return isolated(found || await fetch(request));
}

/** The same answer with the headers that let workers share memory and bind them, which hosts such as GitHub Pages can't send. */
function isolated(response) {
  if (response.type === 'opaque' || response.status === 0 || response.redirected) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  headers.set('Content-Security-Policy', POLICY);
  const body = [101, 204, 205, 304].includes(response.status) ? null : response.body;
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}
