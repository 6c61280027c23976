// Work that waits for the network, kept in IndexedDB. Only the server's receipt takes an entry out.
import { openDB } from "idb";
import { account, csrfToken } from "./page.js";

let opened;

/** Private mode may refuse IndexedDB: then nothing is kept, and the pages still work while online. */
function database() {
  opened ??= openDB("guixiao", 1, {
    upgrade(db) {
      db.createObjectStore("drafts");
      db.createObjectStore("outbox", { keyPath: "id" });
    },
  }).catch(() => null);
  return opened;
}

const mine = (key) => `${account}/${key}`;

export async function saveDraft(key, value) {
  const db = await database();
  await db?.put("drafts", { value, at: Date.now() }, mine(key));
  return Boolean(db);
}

export async function readDraft(key) {
  return (await (await database())?.get("drafts", mine(key)))?.value;
}

export async function dropDraft(key) {
  await (await database())?.delete("drafts", mine(key));
}

/** The keys of this account's drafts that begin with `prefix`. */
export async function draftKeys(prefix) {
  const keys = (await (await database())?.getAllKeys("drafts")) ?? [];
  return keys.filter((key) => String(key).startsWith(mine(prefix))).map((key) => key.slice(mine("").length));
}

export async function clearDrafts() {
  await (await database())?.clear("drafts");
}

/** Queue a submission. `fields` are [name, value] pairs; a value may be a file. */
export async function put(entry) {
  const db = await database();
  await db?.put("outbox", { ...entry, owner: account, state: "waiting" });
  return Boolean(db);
}

export async function take(id) {
  await (await database())?.delete("outbox", id);
}

/** What this account still has to send, oldest first. */
export async function waiting() {
  const all = (await (await database())?.getAll("outbox")) ?? [];
  return all.filter((entry) => entry.owner === account).sort((a, b) => a.at - b.at);
}

/** What has been refused stays, with its reason, until the person has seen it. */
async function refuse(entry, result) {
  const db = await database();
  await db?.put("outbox", { ...entry, state: "refused", result });
}

/**
 * Send one entry. The answer is one of
 *   received {receipt, redirect, …} · refused {error, reload} · invalid {errors} · signin · later
 */
export async function send(entry) {
  const files = entry.fields.some(([, value]) => value instanceof Blob);
  const body = files ? new FormData() : new URLSearchParams();
  for (const [name, value] of entry.fields) body.append(name, value);
  let response;
  try {
    response = await fetch(entry.url, {
      method: "POST", body, credentials: "same-origin", redirect: "manual",
      headers: {
        "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch", Accept: "application/json",
        "X-Device-Now": deviceTime(), // how wrong this device's clock runs, however long the entry waited
      },
    });
  } catch {
    return { kind: "later" };
  }
  return settle(entry, response);
}

async function settle(entry, response) {
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  const data = isJson ? await response.json().catch(() => ({})) : {};
  if (response.ok && data.receipt) {
    await take(entry.id);
    if (entry.key) await dropDraft(entry.key);
    return { kind: "received", ...data };
  }
  if (response.status === 422) {
    await take(entry.id);
    return { kind: "invalid", errors: data.errors ?? {} };
  }
  if (response.status === 409 || response.status === 400 || response.status === 410) {
    const result = { kind: "refused", status: response.status, ...data };
    await refuse(entry, result);
    return result;
  }
  if (response.type === "opaqueredirect" || [401, 403, 404].includes(response.status)) return { kind: "signin" };
  return { kind: "later" };
}

/** Send everything that waits, one after another; tell `each` how it went. Two tabs never send at once. */
export async function sendAll(each = () => {}) {
  const run = async () => {
    for (const entry of await waiting()) {
      if (entry.state !== "waiting") continue;
      const result = await send(entry);
      each(entry, result);
      if (result.kind === "later" || result.kind === "signin") break;
    }
  };
  return navigator.locks ? navigator.locks.request("guixiao-outbox", run) : run();
}

/** A client-made id: the server takes a replay of it for the same submission. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The device's own time with its offset; the server keeps it beside the time of receipt. */
export function deviceTime(moment = new Date()) {
  const pad = (number) => String(Math.abs(number)).padStart(2, "0");
  const offset = -moment.getTimezoneOffset();
  const local = new Date(moment.getTime() + offset * 60_000).toISOString().slice(0, 19);
  return `${local}${offset < 0 ? "-" : "+"}${pad(Math.trunc(offset / 60))}:${pad(offset % 60)}`;
}
