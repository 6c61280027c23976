// The sheet itself: one hidden input a child, and its button.
import { icon, say } from "../page.js";

export const MARKS = ["present", "late", "sick", "personal", "none"];
const ICONS = { late: "clock", sick: "temperature", personal: "file-text", none: "alert-triangle-filled" };
export const isLeave = (mark) => mark === "sick" || mark === "personal";

export class Roll {
  constructor(form) {
    this.form = form;
    this.version = form.elements.namedItem("roster_version").value;
    this.buttons = new Map();
    for (const button of form.querySelectorAll(".gx-roll-name[data-student]:not([disabled])")) {
      this.buttons.set(button.dataset.student, button);
    }
  }

  input(name, id) {
    let found = this.form.elements.namedItem(`${name}-${id}`);
    if (!found) {
      found = Object.assign(document.createElement("input"), { type: "hidden", name: `${name}-${id}` });
      this.form.append(found);
    }
    return found;
  }

  mark(id) {
    return this.input("mark", id).value || "present";
  }

  /** Leave needs its first and last day; the day of the roll call unless said otherwise. */
  set(id, mark, first = "", last = "") {
    const day = this.form.elements.namedItem("day").value;
    this.input("mark", id).value = mark;
    this.input("first", id).value = isLeave(mark) ? first || this.input("first", id).value || day : "";
    this.input("last", id).value = isLeave(mark) ? last || this.input("last", id).value || day : "";
    this.paint(id);
  }

  paint(id) {
    const button = this.buttons.get(id);
    const mark = this.mark(id);
    button.dataset.mark = mark;
    const small = button.querySelector("small");
    small.replaceChildren();
    if (mark !== "present") small.append(icon(ICONS[mark]), say(`mark_${mark}`));
  }

  /** Take over saved marks, for the children who are still on the roll. */
  load(saved) {
    for (const id of this.buttons.keys()) {
      const mark = saved[`mark-${id}`];
      if (MARKS.includes(mark)) this.set(id, mark, saved[`first-${id}`], saved[`last-${id}`]);
    }
  }

  counts() {
    const counts = Object.fromEntries(MARKS.map((mark) => [mark, 0]));
    for (const id of this.buttons.keys()) counts[this.mark(id)] += 1;
    return counts;
  }

  fields() {
    const fields = [];
    for (const id of this.buttons.keys()) {
      fields.push([`mark-${id}`, this.mark(id)]);
      if (isLeave(this.mark(id))) {
        fields.push([`first-${id}`, this.input("first", id).value], [`last-${id}`, this.input("last", id).value]);
      }
    }
    return fields;
  }
}
