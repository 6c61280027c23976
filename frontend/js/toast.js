import { icon, make, say } from "./page.js";

const ICONS = { success: "circle-check", warning: "alert-triangle", error: "alert-circle", info: "info-circle" };

/** Say something at the edge of the screen. Errors stay until dismissed; the rest leaves by itself. */
export function toast(text, level = "info") {
  let box = document.querySelector(".gx-toasts");
  if (!box) {
    box = make("div", { class: "gx-toasts", role: "status", "aria-live": "polite" });
    document.body.append(box);
  }
  const close = make("button", { type: "button", class: "gx-icon-btn", "aria-label": say("close") }, icon("x"));
  const note = make("div", { class: `gx-note gx-note-${level}` }, icon(ICONS[level] ?? "info-circle"), make("p", {}, text), close);
  close.addEventListener("click", () => note.remove());
  box.append(note);
  if (level !== "error") setTimeout(() => note.remove(), 6000);
}
