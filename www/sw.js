// The service worker: after one visit the site works without a network, and under any server it is cross-origin isolated.
// `cargo xtask engine` fills in VERSION (a hash of all files), FILES and POLICY when the site is built (xtask/src/offline.rs).
//
// A new version is fetched beside the one in use and waits until the page says `take-over`: see offline.js. The images that networks
// learn from are the page's own to fetch and to keep (src/web/page/downloads.rs).
const VERSION = '{{version}}';
/** Each file's address in the site, and the beginning of its SHA-256. */
const FILES = new Map(['{{files}}']);
/** The Content-Security-Policy, which stands in the page, too; its workers have it only as a header. */
const POLICY = "{{policy}}";
const SITE = `inkling-site-${VERSION}`;
/** Requests at a time, as browsers do. */
const LINES = 6;

const address = (path) => new URL(path, registration.scope).href;
const KNOWN = new Set([...FILES.keys()].map(address));

addEventListener('install', (event) => event.waitUntil(install()));

addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith('inkling-site-') && name !== SITE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await clients.claim();
  })());
});

addEventListener('message', (event) => {
  if (event.data === 'take-over') skipWaiting();
});

/** Fetches what is not there yet. A file that fails does not keep the others: the next try has fewer to fetch. */
async function install() {
  const cache = await caches.open(SITE);
  const kept = new Set((await cache.keys()).map((request) => request.url));
  const missing = [...FILES.keys()].filter((path) => !kept.has(address(path)));
  const failures = [];
  const line = async () => {
    for (let path; (path = missing.shift());) await keep(cache, path).catch((error) => failures.push(`${path}: ${error}`));
  };
  await Promise.all(Array.from({ length: LINES }, line));
  if (failures.length) throw new Error(failures.join('\n'));
}

/** Only the very file is kept: not a part of it, nor the page of a network that wants people to sign in, nor another version's. */
async function keep(cache, path) {
  // What has not changed since the version in use does not come again; `no-cache` asks the server whether it has.
  const response = await fetch(address(path), { cache: 'no-cache', redirect: 'error' });
  const body = await response.arrayBuffer();
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', body)).slice(0, 8);
  const hex = [...sum].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (response.status !== 200 || hex !== FILES.get(path)) throw new Error(`HTTP ${response.status}, not the file of this version`);
  // They are about how it came.
  const headers = new Headers(response.headers);
  for (const name of ['content-encoding', 'content-length']) headers.delete(name);
  await cache.put(address(path), new Response(body, { headers }));
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
  const kept = KNOWN.has(url.href) && await (await caches.open(SITE)).match(url.href);
  return isolated(kept || await fetch(request));
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
