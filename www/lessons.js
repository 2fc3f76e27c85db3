// Loads the lessons when the address asks for one (#lesson, #lesson/neuron); from then on their module listens itself.
const open = async () => {
  if (!/^#lesson(\/|$)/.test(location.hash)) return;
  removeEventListener('hashchange', open);
  try {
    const { startLessons } = await load();
    startLessons();
  } catch (error) {
    dispatchEvent(new CustomEvent('inkling-broken', { detail: ['lessons', String(error)] }));
  }
};

/** Tries three times more. Each has another address: browsers remember what did not load. */
const load = async () => {
  for (let failures = 0; ; failures++) {
    try {
      const lessons = await import(`./inkling_lessons.js${failures ? `?${failures}` : ''}`);
      await lessons.default();
      return lessons;
    } catch (error) {
      if (failures === 3) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** failures));
    }
  }
};
addEventListener('hashchange', open);
open();
