// Served at /sw.js behind a line that sets `self.GX = {version, shell, offline}` (src/guixiao/web/views.py).
// Keeps the shell, and of the pages only those that say data-offline="keep" (roll call, visits), a day at most.
const { version, shell, offline } = self.GX;
const SHELL = `gx-shell-${version}`;
const PAGES = "gx-pages";
const KEEP_PAGES = 8;
const KEEP_MS = 24 * 60 * 60 * 1000;
const PATIENCE_MS = 4000;
const STORED = "x-gx-stored";

self.addEventListener("install", (event) => {
  // Without cookies: what belongs to the shell belongs to nobody.
  const requests = shell.map((url) => new Request(url, { credentials: "omit" }));
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(requests)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) =>
    Promise.all(names.filter((name) => name !== SHELL && name !== PAGES).map((name) => caches.delete(name))),
  );
  event.waitUntil(old.then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data?.type === "clear") event.waitUntil(caches.delete(PAGES));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (shell.includes(url.pathname)) event.respondWith(caches.match(url.pathname).then((hit) => hit ?? fetch(request)));
});

/** Network first, for a short while; then the copy kept on this device; then a page that says so. */
async function page(request) {
  const kept = await keptPage(request);
  const network = fetch(request).then((response) => { keep(request, response.clone()); return response; });
  if (!kept) return network.catch(() => caches.match(offline).then((hit) => hit ?? Response.error()));
  const patience = new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS); });
  const first = await Promise.race([network.catch(() => null), patience]);
  if (!first) network.catch(() => {});
  return first ?? aged(kept);
}

async function keptPage(request) {
  const hit = await (await caches.open(PAGES)).match(request);
  return hit && Date.now() - Number(hit.headers.get(STORED)) < KEEP_MS ? hit : null;
}

/** Tells the page how old it is, so that its clocks stay right. */
async function aged(kept) {
  const age = Date.now() - Number(kept.headers.get(STORED));
  const html = (await kept.text()).replace("<html ", `<html data-age="${age}" `);
  return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
}

async function keep(request, response) {
  const html = (response.headers.get("content-type") ?? "").includes("text/html");
  if (!response.ok || !html || response.redirected) return;
  const text = await response.text();
  if (!text.slice(0, 2000).includes('data-offline="keep"')) return;
  const cache = await caches.open(PAGES);
  const headers = { "content-type": "text/html; charset=utf-8", [STORED]: String(Date.now()) };
  await cache.delete(request);
  await cache.put(request, new Response(text, { headers }));
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - KEEP_PAGES)).map((key) => cache.delete(key)));
}
