/* The service worker: registered once, and a new build of the app that waits for its turn. */

const ADDRESS = "/field/sw.js";

let registration = null;
const heard = new Set();

/* Registering a worker takes a trusted address; this policy knows one and nothing else. */
function trusted() {
  if (!window.trustedTypes) return ADDRESS;
  const policy = window.trustedTypes.createPolicy("cairn-worker", {
    createScriptURL(address) {
      if (address !== ADDRESS) throw new TypeError("address");
      return address;
    },
  });
  return policy.createScriptURL(ADDRESS);
}

/* Does a new build wait? Without a controller the one that waits is the first: nothing is replaced. */
export const waits = () =>
  Boolean(registration && registration.waiting && navigator.serviceWorker.controller);

function tellWaiting() {
  if (waits()) for (const hear of heard) hear();
}

/* A build may be on its way already when somebody begins to listen. */
function attend() {
  tellWaiting();
  if (registration.installing) registration.installing.addEventListener("statechange", tellWaiting);
}

/* Register the worker; null where the browser has none (the app then needs a line to start). */
export async function register() {
  if (registration || !("serviceWorker" in navigator)) return registration;
  try {
    registration = await navigator.serviceWorker.register(trusted(), { scope: "/field/" });
  } catch {
    return null;
  }
  registration.addEventListener("updatefound", attend);
  attend();
  return registration;
}

/* Call `hear()` when a new build waits. */
export function onWaiting(hear) {
  heard.add(hear);
  if (waits()) hear();
}

/* Let the new build take over, and start the app with it. Items are in the database: they stay. */
export function takeOver() {
  if (!waits()) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), {
    once: true,
  });
  registration.waiting.postMessage("take-over");
}

/* Look for a new build now. */
export const look = () => (registration ? registration.update().catch(() => {}) : null);
