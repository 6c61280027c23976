// On every page: what waits on this device, and sending it when the network is back.
import { icon, make, say } from "./page.js";
import { sendAll, take, waiting } from "./outbox.js";
import { toast } from "./toast.js";

function banner() {
  return document.querySelector("[data-gx-offline]");
}

/** Show how many wait; gone when the network is there and nothing waits. */
export async function showWaiting() {
  const box = banner();
  if (!box) return;
  const queued = (await waiting()).filter((entry) => entry.state === "waiting");
  const offline = !navigator.onLine;
  box.hidden = !offline && !queued.length;
  box.querySelector("[data-gx-offline-title]").textContent = say(offline ? "offline_title" : "waiting_title");
  box.querySelector("[data-gx-offline-text]").textContent = say(offline ? "offline_text" : "waiting_text");
  const count = box.querySelector("[data-gx-offline-count]");
  count.hidden = !queued.length;
  count.querySelector("b").textContent = String(queued.length);
}

function told(entry, result) {
  document.dispatchEvent(new CustomEvent("gx:sent", { detail: { entry, result } }));
  if (result.kind === "received") toast(say("received", { title: entry.title }), "success");
  if (result.kind === "signin") toast(say("sign_in_again"), "warning");
  if (result.kind === "invalid") toast(say("invalid", { title: entry.title }), "error");
}

/** What the server refused is shown once, with its reason and a way to the page. */
async function showRefused() {
  const place = document.querySelector(".gx-main");
  for (const entry of (await waiting()).filter((one) => one.state === "refused")) {
    const text = say("refused", { title: entry.title, why: entry.result.error ?? say("server_trouble") });
    const seen = make("button", { type: "button", class: "gx-btn gx-btn-small" }, say("understood"));
    const note = make("div", { class: "gx-note gx-note-error", role: "alert" }, icon("alert-circle"), make("p", {}, text), seen);
    seen.addEventListener("click", async () => { await take(entry.id); note.remove(); });
    place?.prepend(note);
  }
}

export async function resend() {
  if (navigator.onLine) await sendAll(told);
  await showWaiting();
}

export function startDelivery() {
  window.addEventListener("online", resend);
  window.addEventListener("offline", showWaiting);
  document.addEventListener("gx:queued", showWaiting);
  showRefused();
  resend();
  // The `online` event lies on weak networks: try again now and then while something waits.
  setInterval(async () => (await waiting()).some((entry) => entry.state === "waiting") && resend(), 30_000);
}
