// <form data-gx-draft="visit-12" [data-gx-outbox data-title="家访 李小满"]>
// Keeps what was written on the device. With data-gx-outbox it can also be handed in without the network:
// the server answers as for roll call (200 {receipt, redirect} · 409 {error} · 422 {errors}).
import { say } from "./page.js";
import { deviceTime, dropDraft, newId, put, readDraft, saveDraft, send } from "./outbox.js";
import { toast } from "./toast.js";

const SKIP = new Set(["csrfmiddlewaretoken", "client_id", "device_time"]);

function controls(form) {
  return [...form.elements].filter((control) => control.name && !SKIP.has(control.name) && control.type !== "file" && control.type !== "hidden");
}

function collect(form) {
  return controls(form).map((control) => {
    const tick = control.type === "checkbox" || control.type === "radio";
    return [control.name, control.value, tick ? control.checked : null];
  });
}

function restore(form, saved) {
  const all = controls(form);
  for (const [name, value, checked] of saved) {
    const control = all.find((one) => one.name === name && (checked === null || one.value === value));
    if (!control) continue;
    if (checked === null) control.value = value;
    else control.checked = checked;
  }
}

function showErrors(form, errors) {
  form.querySelectorAll("[data-gx-error-for]").forEach((slot) => { slot.hidden = true; });
  form.querySelectorAll('[aria-invalid="true"]').forEach((control) => control.removeAttribute("aria-invalid"));
  for (const [name, message] of Object.entries(errors)) {
    const control = form.elements.namedItem(name);
    const slot = form.querySelector(`[data-gx-error-for="${CSS.escape(name)}"]`);
    if (slot) { slot.hidden = false; slot.querySelector("[data-gx-text]").textContent = message; }
    else toast(message, "error");
    if (control instanceof Element) control.setAttribute("aria-invalid", "true");
  }
  const first = form.querySelector("[data-gx-error-for]:not([hidden])");
  first?.scrollIntoView({ block: "center" });
  form.querySelector('[aria-invalid="true"]')?.focus({ preventScroll: Boolean(first) });
}

function fill(form, name, value) {
  let input = form.elements.namedItem(name);
  if (!input) {
    input = Object.assign(document.createElement("input"), { type: "hidden", name });
    form.append(input);
  }
  input.value = value;
}

async function handIn(form, key) {
  // One id for one page: pressing again while it waits is the same submission.
  form.dataset.gxId ??= newId();
  fill(form, "client_id", form.dataset.gxId);
  fill(form, "device_time", deviceTime());
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  const entry = {
    id: form.elements.namedItem("client_id").value, at: Date.now(), url: form.action, fields, key,
    title: form.dataset.title ?? document.title,
  };
  const kept = await put(entry);
  const result = await send(entry);
  if (result.kind === "received") {
    await dropDraft(key);
    location.assign(result.redirect ?? "/");
  } else if (result.kind === "invalid") showErrors(form, result.errors);
  else if (result.kind === "refused") toast(result.error ?? say("server_trouble"), "error");
  else if (!kept) toast(say("cannot_keep"), "error");
  else {
    document.dispatchEvent(new CustomEvent("gx:queued"));
    form.querySelector("[data-gx-queued]")?.removeAttribute("hidden");
    toast(say(result.kind === "signin" ? "sign_in_again" : "kept_here"), "warning");
  }
}

async function keep(form) {
  const key = form.dataset.gxDraft;
  const saved = await readDraft(key);
  const mark = document.querySelector("[data-gx-saved]");
  if (saved) { restore(form, saved); mark?.removeAttribute("hidden"); form.dispatchEvent(new CustomEvent("gx:restored")); }
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => (await saveDraft(key, collect(form))) && mark?.removeAttribute("hidden"), 400);
  });
  if (!("gxOutbox" in form.dataset)) {
    form.addEventListener("submit", () => dropDraft(key));
    return;
  }
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    try { await handIn(form, key); } finally { busy = false; }
  });
}

export function startDrafts() {
  document.querySelectorAll("form[data-gx-draft]").forEach(keep);
}
