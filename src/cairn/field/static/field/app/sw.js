/* Keeps the app on the phone. The server writes two lines before this one: BUILD, and FILES, the
   addresses of all that the app is made of. Nothing of the API and no pack is kept here. */

/* global BUILD, FILES */

const SHELF_NAMES = "notes-";
const SHELF = SHELF_NAMES + BUILD;
const SHELL = "/field/";
const KEPT = new Set(FILES);

/* All files or none: a half-loaded build never gets its turn. */
async function keepAll() {
  const shelf = await caches.open(SHELF);
  await shelf.addAll(
    FILES.map((address) => new Request(address, { cache: "reload", credentials: "omit" })),
  );
}

async function dropOld() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(SHELF_NAMES) && name !== SHELF);
  await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener("install", (event) => event.waitUntil(keepAll()));

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOld().then(() => self.clients.claim()));
});

/* A new build waits until the app says so (nobody is in the middle of a report), or until the app
   is started anew. */
self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
});

async function answered(request, address) {
  // What was kept was fetched by this very build for everybody: no header makes it another.
  const copy = await (await caches.open(SHELF)).match(address, { ignoreVary: true });
  return copy || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const isShell = request.mode === "navigate" && address.pathname === SHELL;
  if (isShell) event.respondWith(answered(request, SHELL));
  else if (KEPT.has(address.pathname)) event.respondWith(answered(request, address.pathname));
});
