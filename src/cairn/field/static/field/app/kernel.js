/* Starts what runs by itself: sending, locking, expiry of drafts and keys, contact, updates. */

import * as contact from "./contact.js";
import * as outbox from "./outbox.js";
import * as stores from "./store.js";
import * as update from "./update.js";
import * as vaultkeys from "./vaultkeys.js";

const TICK = 60 * 1000;

async function tick() {
  try {
    await stores.dropDeadDraft();
    await contact.dropExpired();
    if (vaultkeys.isUnlocked() && navigator.onLine) await contact.contactWhenDue();
  } catch {
    // The database is closed for an update of the app: the next tick finds it open.
  }
}

let started = false;

/* Call once, before anything is shown. */
export async function start() {
  if (started) return;
  started = true;
  await vaultkeys.isSetUp();
  await tick();
  setInterval(tick, TICK);
  addEventListener("online", tick);
  vaultkeys.watch();
  outbox.start();
  update.register();
}
