// Loads the lessons when the address asks for one (#lesson, #lesson/neuron); from then on their module listens itself.
const open = async () => {
  if (!/^#lesson(\/|$)/.test(location.hash)) return;
  removeEventListener('hashchange', open);
  const lessons = await import('./inkling_lessons.js');
  await lessons.default();
  lessons.startLessons();
};
addEventListener('hashchange', open);
open();
