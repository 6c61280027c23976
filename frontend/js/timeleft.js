// Keeps 还剩 / 逾期 true while the page stays open, by the server's clock.
import { say, serverNow } from "./page.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The two largest units, as the server writes them (templatetags/gx.py: spell). */
export function spell(milliseconds) {
  const span = Math.max(0, milliseconds);
  const days = Math.floor(span / DAY);
  const hours = Math.floor((span % DAY) / HOUR);
  const minutes = Math.floor((span % HOUR) / MINUTE);
  if (days >= 2) return hours && days < 7 ? say("span_dh", { d: days, h: hours }) : say("span_d", { d: days });
  if (days) return hours ? say("span_dh", { d: days, h: hours }) : say("span_d", { d: days });
  if (hours) return minutes ? say("span_hm", { h: hours, m: minutes }) : say("span_h", { h: hours });
  return minutes ? say("span_m", { m: minutes }) : say("span_less");
}

const STATES = ["overdue", "today", "later"];

function tick(element) {
  const left = Date.parse(element.dataset.gxDue) - serverNow();
  const sameDay = element.dataset.gxToday === "1";
  const state = left < 0 ? "overdue" : sameDay || left < HOUR ? "today" : "later";
  const text = left < 0 ? say("overdue_by", { span: spell(-left) }) : say("left", { span: spell(left) });
  const label = element.querySelector("[data-gx-text]");
  if (label.textContent !== text) label.textContent = text;
  if (!element.classList.contains(`gx-state-${state}`)) {
    element.classList.remove(...STATES.map((name) => `gx-state-${name}`));
    element.classList.add(`gx-state-${state}`);
    const use = element.querySelector("use");
    const name = state === "overdue" ? "alert-triangle-filled" : "clock";
    use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${name}`));
  }
}

export function startTimes() {
  const all = () => document.querySelectorAll("[data-gx-due]").forEach(tick);
  setInterval(all, 20_000);
  document.addEventListener("visibilitychange", () => document.hidden || all());
}
