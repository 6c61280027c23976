// The foot of the sheet: the counts, one button, and how far the sheet has come.
import { say } from "../page.js";

export function showFoot(form, counts, online, busy) {
  const total = Object.values(counts).reduce((sum, one) => sum + one, 0);
  const all = counts.present === total;
  for (const [mark, count] of Object.entries(counts)) {
    const place = form.querySelector(`[data-gx-count="${mark}"]`);
    if (!place) continue;
    place.querySelector("b").textContent = String(count);
    place.hidden = mark !== "present" && !count;
  }
  form.querySelector("[data-gx-hint]").hidden = !all;
  form.querySelector("[data-gx-counts]").hidden = all;
  const button = form.querySelector("[data-gx-submit]");
  button.disabled = busy;
  const key = busy ? "sending" : !online ? "save_offline" : all ? "submit_all" : "submit";
  button.querySelector("[data-gx-text]").textContent = say(key, { n: total });
  const use = button.querySelector("use");
  use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, online ? "#checks" : "#device-floppy"));
}

/** On this device → waiting → received. Only the server's receipt ends it, and that is another page. */
export function showQueued(form, queued) {
  form.querySelector("[data-gx-ready]").hidden = Boolean(queued);
  const box = form.querySelector("[data-gx-queued]");
  box.hidden = !queued;
  if (!queued) return;
  const at = new Date(queued.at);
  const clock = `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
  box.querySelector("[data-gx-queued-at]").textContent = clock;
}
