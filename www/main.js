// Loads and starts the page's program (src/web/page) once the page is painted: nobody needs it to read, and on a slow network it would
// come in the way of style.css. The script's element says where the build has put it.
const { program, wasm } = document.querySelector('script[data-program]').dataset;

// After the first frame, or at once where none is drawn.
await new Promise((resolve) => {
  requestAnimationFrame(() => setTimeout(resolve));
  document.addEventListener('visibilitychange', resolve, { once: true });
  if (document.hidden) resolve();
});

// What the program asks for first comes at the same time as the program.
for (const href of [`locales/${document.documentElement.lang}.ftl`, 'models/shipped.inkling']) {
  document.head.append(Object.assign(document.createElement('link'), { rel: 'preload', as: 'fetch', crossOrigin: '', href }));
}
try {
  const code = fetch(wasm);
  const { default: start } = await import(program);
  await start({ module_or_path: code });
  dispatchEvent(new Event('inkling-started'));
} finally {
  // At last, since its service worker fetches the whole site; also where the program fails, for it announces the version that may not.
  import('./offline.js');
}
