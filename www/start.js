// Makes a failed start visible: no WebAssembly, a file that did not load, a program that stopped. The page is never blank.
(() => {
  const show = (reason) => {
    const box = document.getElementById("broken");
    if (!box) return document.addEventListener("DOMContentLoaded", () => show(reason), { once: true });
    box.hidden = false;
    document.getElementById("broken-reason").textContent = String(reason ?? "");
    document.getElementById("status").dataset.state = "failed";
  };
  if (typeof WebAssembly !== "object") return show("no WebAssembly");
  const stopped = (reason) => reason instanceof WebAssembly.RuntimeError;
  let started = false;
  addEventListener("TrunkApplicationStarted", () => { started = true; });
  // In the capture phase, because a script that does not load reports to its element only.
  addEventListener("error", (event) => {
    const unloaded = event.target instanceof HTMLScriptElement;
    if (stopped(event.error) || (!started && (unloaded || event.error))) show(event.message ?? "a script did not load");
  }, true);
  addEventListener("unhandledrejection", (event) => {
    if (!started || stopped(event.reason)) show(event.reason);
  });
})();
