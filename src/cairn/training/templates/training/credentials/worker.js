/* Keeps the check page on a phone: the page, its keys and its lists of revoked certificates, so that
   a certificate can be checked with no network. It keeps nothing of what is checked. */

const PAGE = "{{ page|escapejs }}";
const BUNDLE = "{{ bundle|escapejs }}";
const SHELF = "cairn-check-1";
const PATIENCE = 4000; // milliseconds after which the copy answers instead of a slow line
const LANGUAGE = new URL(self.location).searchParams.get("language") || "en";

/* Fetched without cookies, so that the copy is the page of a visitor, whoever is signed in. */
const plain = (address) => fetch(address, { credentials: "omit", cache: "no-cache" });

async function keepPage(shelf) {
  const answer = await plain(`${PAGE}?language=${encodeURIComponent(LANGUAGE)}`);
  if (!answer.ok) throw new Error(`page ${answer.status}`);
  const text = await answer.clone().text();
  await shelf.put(PAGE, answer);
  const named = [...text.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((found) => found[1]);
  await Promise.all([...new Set(named)].map((address) => keepFile(shelf, address)));
}

/* A file of the page's look, and the style sheets that it names in turn. */
async function keepFile(shelf, address) {
  const answer = await plain(address);
  if (!answer.ok) return;
  const isSheet = (answer.headers.get("Content-Type") || "").includes("css");
  const text = isSheet ? await answer.clone().text() : "";
  await shelf.put(address, answer);
  const parts = [...text.matchAll(/@import url\("([^"]+)"\)/g)].map(
    (found) => new URL(found[1], new URL(address, self.location.origin)).pathname,
  );
  await Promise.all(parts.map((part) => keepFile(shelf, part)));
}

async function keepBundle(shelf) {
  const answer = await plain(BUNDLE);
  if (answer.ok) await shelf.put(BUNDLE, answer);
}

async function keepAll() {
  const shelf = await caches.open(SHELF);
  await Promise.all([keepPage(shelf), keepBundle(shelf)]);
}

self.addEventListener("install", (event) => {
  event.waitUntil(keepAll().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("cairn-check-") && name !== SHELF).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

/* The network first; the copy when it fails or takes too long. */
async function answered(request, name, keep) {
  const shelf = await caches.open(SHELF);
  const copy = await shelf.match(name);
  const asked = fetch(request).then((answer) => {
    if (!answer.ok && copy) throw new Error(String(answer.status));
    if (keep && answer.ok) shelf.put(name, answer.clone());
    return answer;
  });
  if (!copy) return asked;
  const tired = new Promise((resolve) => setTimeout(() => resolve(copy), PATIENCE));
  return Promise.race([asked.catch(() => copy), tired]);
}

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && address.pathname === PAGE && !address.search) {
    event.respondWith(answered(event.request, PAGE, false));
  } else if (address.pathname === BUNDLE) {
    event.respondWith(answered(event.request, BUNDLE, true));
  } else if (address.pathname.startsWith("/static/")) {
    event.respondWith(answered(event.request, address.pathname, false));
  }
});

/* The page asks for this while it has a connection, so that a new release reaches the phone too. */
self.addEventListener("message", (event) => {
  if (event.data === "renew") event.waitUntil(keepAll().catch(() => {}));
});
