// Makes sure that the page is never blank: says what the browser lacks, or that the program did not start or has stopped, with a
// report to copy and a button that begins again. In the oldest JavaScript, so that every browser understands it; without this file
// style.css shows #broken by itself.
(function () {
  'use strict';
  var root = document.documentElement;
  root.setAttribute('data-watched', '');
  var at = function (id) { return document.getElementById(id); };
  var started = false;
  var shown = false;
  var lacking = [];
  /** The page that did not start is loaded again so many times. */
  var MOST = 3;
  var TRIES = 'inkling-tries';
  var timer;

  /** Shows what happened: `what` is `needs`, `stopped` or `lessons`. The first reason counts. */
  function show(what, reason) {
    if (shown) return;
    if (!at('broken-reason')) {
      document.addEventListener('DOMContentLoaded', function () { show(what, reason); });
      return;
    }
    shown = true;
    var box = at('broken');
    box.setAttribute('data-what', what);
    var parts = box.querySelectorAll('[data-broken]');
    for (var i = 0; i < parts.length; i++) parts[i].hidden = parts[i].getAttribute('data-broken') !== what;
    at('broken-reason').textContent = reason;
    box.hidden = false;
    // The page lives on without its lessons.
    if (what !== 'lessons' && at('status')) at('status').setAttribute('data-state', 'failed');
    at('broken-restart').onclick = function () { location.reload(); };
    at('broken-copy').onclick = function () {
      clearTimeout(timer);
      at('broken-again').hidden = true;
      copy(report(what, reason));
    };
    if (what === 'stopped' && !started) again();
  }

  /** Part of the program did not come: the page is loaded again by itself, and finds what came in the browser's cache. */
  function again() {
    try {
      var tries = Number(sessionStorage.getItem(TRIES));
      if (tries >= MOST) return;
      sessionStorage.setItem(TRIES, tries + 1);
      timer = setTimeout(function () { location.reload(); }, 1000 * Math.pow(2, tries) * (1 + Math.random()));
      at('broken-again').hidden = false;
    } catch (_) {
      // Nobody could count the tries.
    }
  }

  /** What a developer needs to know. */
  function report(what, reason) {
    var program = document.querySelector('script[data-program]');
    var status = at('status');
    var state = [];
    for (var i = 0; status && i < status.attributes.length; i++) {
      if (status.attributes[i].name.indexOf('data-') === 0) state.push(status.attributes[i].name + '=' + status.attributes[i].value);
    }
    return [
      'Inkling: ' + what + ': ' + reason,
      'version: ' + (program ? program.getAttribute('data-program') : 'unknown'),
      'address: ' + location.href,
      'browser: ' + navigator.userAgent,
      'lacks: ' + (lacking.join(', ') || 'nothing'),
      'isolated: ' + !!window.crossOriginIsolated + ', cores: ' + navigator.hardwareConcurrency + ', time: ' + new Date().toISOString(),
      'state: ' + state.join(' '),
    ].join('\n');
  }

  function copy(text) {
    var said = function (copied) {
      at('broken-copied').hidden = !copied;
      at('broken-report').hidden = copied;
      if (copied) return;
      at('broken-report').value = text;
      at('broken-report').select();
    };
    if (!navigator.clipboard) return said(false);
    navigator.clipboard.writeText(text).then(function () { said(true); }, function () { said(false); });
  }

  /** Names of what the page needs and this browser lacks. */
  function missing() {
    var names = [];
    if (typeof WebAssembly !== 'object') return ['WebAssembly'];
    // A function whose body is i8x16.popcnt(i8x16.splat(0)).
    var simd = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
    if (!WebAssembly.validate(new Uint8Array(simd))) names.push('WebAssembly SIMD');
    if (!('noModule' in HTMLScriptElement.prototype)) names.push('JavaScript modules');
    if (typeof Worker !== 'function') {
      names.push('workers');
    } else {
      // The options are read before the address is, and this address is none.
      var asked = false;
      try {
        new Worker('http://[', { get type() { asked = true; return 'module'; } });
      } catch (_) {}
      if (!asked) names.push('module workers');
    }
    if (typeof DecompressionStream !== 'function') names.push('DecompressionStream');
    return names;
  }

  lacking = missing();
  if (lacking.length) show('needs', lacking.join(', '));

  function trapped(error) { return typeof WebAssembly === 'object' && error instanceof WebAssembly.RuntimeError; }
  function part(error) { return /inkling_lessons/.test(error && error.stack) ? 'lessons' : 'stopped'; }
  // The modules' own words about a panic come before the trap that follows it.
  addEventListener('inkling-broken', function (event) { show(event.detail[0], event.detail[1]); });
  addEventListener('inkling-started', function () {
    started = true;
    try { sessionStorage.removeItem(TRIES); } catch (_) {}
  });
  // In the capture phase, because a script that does not load reports to its element only.
  addEventListener('error', function (event) {
    var unloaded = event.target instanceof HTMLScriptElement;
    if (trapped(event.error)) return show(part(event.error), event.message);
    if (started || !unloaded && !event.error) return;
    show('stopped', event.message || event.target.src + ': this script did not load');
  }, true);
  addEventListener('unhandledrejection', function (event) {
    if (!started || trapped(event.reason)) show(part(event.reason), String(event.reason));
  });
})();
