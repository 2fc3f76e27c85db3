// Written into the page: notes what happens there while a test waits, since a test that asks again and again sees too little.
const recorder = (window.recorder = { gap: 0, states: [], steps: [], losses: [], hiddenSteps: [], answers: [], answersAtPenUp: 0 });
const status = document.getElementById('status');
const changed = (list, value) => value !== list[list.length - 1] && list.push(value);
new MutationObserver(() => {
  const { state, step, loss } = status.dataset;
  changed(recorder.states, state);
  changed(recorder.steps, Number(step));
  if (loss) changed(recorder.losses, Number(loss));
  if (document.hidden) changed(recorder.hiddenSteps, Number(step));
}).observe(status, { attributes: true });
const bars = [...document.querySelectorAll('[data-digit]')];
const answer = () => changed(recorder.answers, bars.map((bar) => bar.dataset.probability).join(' '));
for (const bar of bars) new MutationObserver(answer).observe(bar, { attributes: true, attributeFilter: ['data-probability'] });
document.addEventListener('pointerup', () => (recorder.answersAtPenUp = recorder.answers.length), true);
let last = performance.now();
const frame = (now) => {
  if (!document.hidden && status.dataset.state === 'training') recorder.gap = Math.max(recorder.gap, now - last);
  last = now;
  requestAnimationFrame(frame);
};
requestAnimationFrame(frame);
