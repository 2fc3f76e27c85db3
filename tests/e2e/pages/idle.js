// A service worker that does nothing, for tests of what the site does by itself.
