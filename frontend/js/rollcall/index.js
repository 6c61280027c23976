// 今日点名: a form of names. Tap a name: absent without leave, and the reason is chosen in place. Works offline.
// The markup and the server's answers are described in docs/frontend.md.
import { say } from "../page.js";
import { deviceTime, dropDraft, newId, put, readDraft, saveDraft, send, take, waiting } from "../outbox.js";
import { toast } from "../toast.js";
import { Panel } from "./panel.js";
import { Roll } from "./roll.js";
import { showFoot, showQueued } from "./foot.js";

class RollCall {
  constructor(form) {
    this.form = form;
    this.key = form.dataset.key;
    this.roll = new Roll(form);
    this.panel = new Panel(form, this.roll, () => this.changed());
    this.busy = false;
    this.queued = null;
  }

  async start() {
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.form.addEventListener("click", (event) => event.target.closest("[data-gx-edit]") && this.takeBack());
    for (const name of ["online", "offline"]) window.addEventListener(name, () => this.show());
    document.addEventListener("gx:sent", ({ detail }) => detail.entry.key === this.key && this.done(detail.result));
    this.show();
    this.queued = (await waiting()).find((entry) => entry.key === this.key && entry.state === "waiting") ?? null;
    if (this.queued) this.roll.load(Object.fromEntries(this.queued.fields));
    else await this.restoreDraft();
    this.show();
  }

  async restoreDraft() {
    const draft = await readDraft(this.key);
    if (!draft) return;
    this.roll.load(draft);
    if (draft.roster_version !== this.roll.version) toast(say("roster_changed"), "warning");
  }

  changed() {
    saveDraft(this.key, { ...Object.fromEntries(this.roll.fields()), roster_version: this.roll.version });
    this.show();
  }

  show() {
    showFoot(this.form, this.roll.counts(), navigator.onLine, this.busy);
    showQueued(this.form, this.queued);
    this.panel.locked = Boolean(this.queued) || this.busy;
  }

  entry() {
    const now = new Date();
    const hidden = (name) => this.form.elements.namedItem(name).value;
    const id = newId();
    const fields = [
      ["client_id", id], ["roster_version", this.roll.version], ["device_time", deviceTime(now)],
      ["session", hidden("session")], ["day", hidden("day")], ...this.roll.fields(),
    ];
    return { id, at: now.getTime(), url: this.form.action, key: this.key, title: this.form.dataset.title, fields };
  }

  async submit() {
    if (this.busy || this.queued || !this.panel.check()) return;
    this.panel.close();
    this.busy = true;
    this.show();
    const entry = this.entry();
    const kept = await put(entry);
    const result = await send(entry);
    this.busy = false;
    if ((result.kind === "later" || result.kind === "signin") && kept) this.queued = entry;
    await this.done(result, kept);
  }

  /** How a sending went, now or later from the queue. */
  async done(result, kept = true) {
    if (result.kind === "received") {
      await dropDraft(this.key);
      location.assign(result.redirect ?? "/");
      return;
    }
    if (result.kind === "invalid") { this.queued = null; this.panel.errors(result.errors); }
    if (result.kind === "refused") {
      if (this.queued) await take(this.queued.id);
      this.queued = null;
      this.panel.refused(result);
    }
    if (result.kind === "signin") toast(say("sign_in_again"), "warning");
    if (result.kind === "later" && !kept) toast(say("cannot_keep"), "error");
    document.dispatchEvent(new CustomEvent("gx:queued"));
    this.show();
  }

  /** Change something before it has been received. A changed sheet is a new submission with a new id. */
  async takeBack() {
    if (!this.queued) return;
    await take(this.queued.id);
    this.queued = null;
    document.dispatchEvent(new CustomEvent("gx:queued"));
    this.show();
  }
}

export function startRollCall() {
  document.querySelectorAll("form[data-gx-rollcall]").forEach((form) => new RollCall(form).start());
}
