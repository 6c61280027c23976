// The service worker keeps the shell and the roll-call and visit pages last opened. It is not there to be clever.
import { account } from "./page.js";
import { clearDrafts, waiting } from "./outbox.js";
import { ask } from "./confirm.js";
import { say } from "./page.js";

const tell = (message) => navigator.serviceWorker?.controller?.postMessage(message);

export function startWorker() {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => {});
  // The way in, and nobody is signed in: nothing personal may stay behind.
  if (!account && document.querySelector('[data-gx-door="clear"]')) navigator.serviceWorker.ready.then((ready) => ready.active?.postMessage({ type: "clear" }));

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-gx-signout]");
    if (!form || form.dataset.ready) return;
    event.preventDefault();
    const queued = await waiting();
    const text = say("unsent", { n: queued.length });
    if (queued.length && !(await ask({ title: say("sign_out"), text, yes: say("sign_out") }))) return;
    await clearDrafts();
    tell({ type: "clear" });
    form.dataset.ready = "1";
    form.submit();
  });
}
