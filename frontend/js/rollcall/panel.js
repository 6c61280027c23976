// The choice below the row that was tapped.
import { icon, make, say } from "../page.js";
import { isLeave } from "./roll.js";

export class Panel {
  constructor(form, roll, changed) {
    this.form = form;
    this.roll = roll;
    this.changed = changed;
    this.locked = false;
    this.open = null;
    this.grid = form.querySelector(".gx-roll-grid");
    this.element = document.getElementById("gx-roll-panel").content.firstElementChild.cloneNode(true);
    this.grid.addEventListener("click", (event) => this.tapped(event.target.closest(".gx-roll-name")));
    this.element.addEventListener("click", (event) => this.chosen(event.target.closest("[data-gx-mark]")));
    this.element.addEventListener("change", () => this.dated());
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && this.close(true));
    window.addEventListener("resize", () => this.open && this.place());
  }

  get = (name) => this.element.querySelector(`[data-gx-${name}]`);

  tapped(button) {
    const id = button?.dataset.student;
    if (!id || this.locked || !this.roll.buttons.has(id)) return;
    const mark = this.roll.mark(id);
    if (this.open === id) {
      // A second tap takes it back.
      this.roll.set(id, "present");
      this.changed();
      this.close(true);
      return;
    }
    if (mark === "present") this.roll.set(id, "none");
    this.show(id);
    this.changed();
  }

  show(id) {
    this.close();
    this.open = id;
    const button = this.roll.buttons.get(id);
    button.setAttribute("aria-expanded", "true");
    this.get("name").textContent = button.dataset.name ?? button.firstChild.textContent.trim();
    const note = this.get("history");
    note.hidden = !button.dataset.note;
    note.querySelector("[data-gx-text]").textContent = button.dataset.note ?? "";
    this.say("");
    this.refresh();
    this.place();
    this.element.scrollIntoView({ block: "nearest" });
  }

  /** After the last name in the tapped name's row. */
  place() {
    const button = this.roll.buttons.get(this.open);
    const row = [...this.grid.querySelectorAll(".gx-roll-name")].filter((one) => one.offsetTop === button.offsetTop);
    this.element.remove();
    row.at(-1).after(this.element);
  }

  refresh() {
    const mark = this.roll.mark(this.open);
    for (const choice of this.element.querySelectorAll("[data-gx-mark]")) {
      choice.setAttribute("aria-pressed", String(choice.value === mark));
    }
    const leave = this.get("leave");
    leave.hidden = !isLeave(mark);
    if (isLeave(mark)) {
      this.get("first").value = this.roll.input("first", this.open).value;
      this.get("last").value = this.roll.input("last", this.open).value;
    }
  }

  chosen(choice) {
    if (!choice || this.locked) return;
    this.roll.set(this.open, choice.value);
    this.say("");
    this.changed();
    if (isLeave(choice.value)) this.refresh();
    else this.close(true);
  }

  dated() {
    const first = this.get("first").value;
    const last = this.get("last").value;
    this.roll.input("first", this.open).value = first;
    this.roll.input("last", this.open).value = last;
    this.say(this.wrong(this.open));
    this.changed();
  }

  /** What is wrong with a leave period; empty when nothing is. */
  wrong(id) {
    if (!isLeave(this.roll.mark(id))) return "";
    const first = this.roll.input("first", id).value;
    const last = this.roll.input("last", id).value;
    const day = this.form.elements.namedItem("day").value;
    if (!first || !last) return say("leave_needs_days");
    if (last < first) return say("leave_backwards");
    return first > day || last < day ? say("leave_not_today") : "";
  }

  say(message) {
    const error = this.get("error");
    error.hidden = !message;
    error.querySelector("[data-gx-text]").textContent = message;
  }

  /** Before handing in: open the first child whose leave cannot be right. */
  check() {
    const bad = [...this.roll.buttons.keys()].find((id) => this.wrong(id));
    if (bad === undefined) return true;
    this.show(bad);
    this.say(this.wrong(bad));
    return false;
  }

  errors(errors) {
    const named = Object.keys(errors).map((field) => field.match(/^(?:mark|first|last)-(.+)$/)?.[1]);
    const id = named.find((one) => one && this.roll.buttons.has(one));
    if (id) { this.show(id); this.say(Object.values(errors).join(" ")); }
    else this.notice(Object.values(errors).join(" "));
  }

  refused(result) {
    const again = result.reload ? make("a", { class: "gx-btn gx-btn-small", href: location.href }, say("reload")) : "";
    this.notice(result.error ?? say("server_trouble"), again);
  }

  notice(text, ...more) {
    this.form.querySelector(".gx-note[data-gx-refused]")?.remove();
    const note = make(
      "div", { class: "gx-note gx-note-error", role: "alert", "data-gx-refused": true, tabindex: "-1" },
      icon("alert-circle"), make("p", {}, text), ...more,
    );
    this.form.prepend(note);
    note.focus();
  }

  close(focus = false) {
    if (!this.open) return;
    const button = this.roll.buttons.get(this.open);
    button.setAttribute("aria-expanded", "false");
    this.element.remove();
    this.open = null;
    if (focus) button.focus({ preventScroll: true });
  }
}
