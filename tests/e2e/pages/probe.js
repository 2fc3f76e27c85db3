// What a worker may do, as the policy that came with its script says.
const outcome = async (action) => {
  try {
    await action();
    return 'done';
  } catch (error) {
    return error.name;
  }
};

addEventListener('message', async ({ data: foreign }) => {
  const evaluated = await outcome(() => (0, eval)('1'));
  const asked = await outcome(() => fetch(foreign, { signal: AbortSignal.timeout(3000) }));
  const compiled = await outcome(() => WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
  postMessage({ evaluated, asked, compiled });
});
