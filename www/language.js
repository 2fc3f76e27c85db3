// Decides the visitor's language before anything is painted; from then on <html lang> says it, to the page's program as well.
// index.html speaks zh-TW. The words of another language are at its end (xtask/src/words.rs puts them there), and are filled in as soon
// as the page is read that far; until then style.css hides it. In the oldest JavaScript, as start.js is.
(function () {
  'use strict';
  var root = document.documentElement;
  var KNOWN = ['zh-TW', 'en'];

  /** The language of that tag, if the page speaks it. */
  function known(tag) {
    for (var i = 0; i < KNOWN.length; i++) if (tag && KNOWN[i].toLowerCase() === tag.toLowerCase()) return KNOWN[i];
  }

  /** What the address asks for. */
  function asked() {
    return typeof URLSearchParams === 'function' && known(new URLSearchParams(location.search).get('lang'));
  }

  /** What was chosen on an earlier visit. */
  function remembered() {
    try { return known(localStorage.getItem('inkling-language')); } catch (_) {}
  }

  /** The first of the browser's languages that the page speaks: any Chinese leads to zh-TW. */
  function usual() {
    var tags = navigator.languages || [navigator.language];
    for (var i = 0; i < tags.length; i++) {
      if (/^zh/i.test(tags[i])) return 'zh-TW';
      if (/^en/i.test(tags[i])) return 'en';
    }
  }

  var language = asked() || remembered() || usual() || 'en';
  if (language === root.lang) return;
  root.lang = language;
  root.setAttribute('data-words', 'coming');
  document.addEventListener('readystatechange', function fill() {
    document.removeEventListener('readystatechange', fill);
    root.removeAttribute('data-words');
    var words = JSON.parse(document.getElementById('words').textContent)[language];
    var elements = document.querySelectorAll('[data-l10n]');
    for (var i = 0; i < elements.length; i++) {
      var word = words[elements[i].getAttribute('data-l10n')];
      if (word.value) elements[i].textContent = word.value;
      for (var name in word.attributes) elements[i].setAttribute(name, word.attributes[name]);
    }
    document.getElementById('lang').value = language;
  });
})();
