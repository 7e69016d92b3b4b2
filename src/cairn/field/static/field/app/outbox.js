/* The outbox as the screens use it: the queue of the mode that is on, and the sending of the real
   one, which goes on whether the app is locked, in practice or without its keys. */

import { signWith } from "./envelope.js";
import { Outbox } from "./queue.js";
import * as stores from "./store.js";
import * as training from "./training.js";
import { network } from "./transport.js";
import * as vaultkeys from "./vaultkeys.js";

const LONGEST_TIMER = 3600 * 1000;

/* Web Locks where there are; else the queue's own lease (null). */
const lockNamed = (name) =>
  navigator.locks
    ? (work) =>
        navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? work() : null))
    : null;

const realBox = new Outbox({
  store: stores.real,
  transport: network,
  keys: { sign: () => signWith(vaultkeys.signingKey()) },
  exclusive: lockNamed("notes"),
});
const practiceBox = new Outbox({
  store: stores.practice,
  transport: training.transport,
  keys: { sign: () => signWith(training.signingKey()) },
});

/* The queue that the screens see. */
export const box = () => (training.isTraining() ? practiceBox : realBox);
/* The queue of real items, whatever the screens see. */
export const realOutbox = realBox;

const timers = new Map();
let started = false;

async function sendAndWait(one, options) {
  try {
    await one.sync(options);
  } catch {
    // The database was closed or is being updated: the timer below tries again.
  }
  clearTimeout(timers.get(one));
  const next = await one.nextAt().catch(() => Date.now() + 60_000);
  if (next === null) return;
  const wait = Math.min(Math.max(next - Date.now(), 1000), LONGEST_TIMER);
  timers.set(one, setTimeout(() => sendAndWait(one), wait));
}

/* Begin to send by itself: now, when the line is back, when the page is looked at again. Other
   tabs are told of changes, so that each shows the same states. */
export function start() {
  if (started) return;
  started = true;
  addEventListener("online", () => sendAndWait(realBox, { force: true }));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") sendAndWait(realBox);
  });
  realBox.forgetOld().catch(() => {});
  sendAndWait(realBox);
}

/* Seal a report; gives {id, reference, state: "here"}. Throws Error with a code as its message:
   "locked", "not-enrolled", "no-key", "content: <key>". */
export async function add(content, identity = null) {
  const one = box();
  const item = await one.add(content, identity);
  start();
  sendAndWait(one);
  return item;
}

/* Own items, newest first: {id, reference, sealed_at, state, received_at, reason, urgent}. */
export const list = () => box().list();

/* {here, received, read, held, carried}. */
export const counts = () => box().counts();

/* Try to send everything at once, whatever waits. Resolves when this round is over. In practice
   the invented unit has read at the second look what it received at the first. */
export async function sync() {
  start();
  const one = box();
  const before = one === practiceBox ? await one.toAsk() : [];
  await sendAndWait(one, { force: true });
  if (before.length) await one.told(Object.fromEntries(before.map((id) => [id, "read"])));
}

/* Call `hear()` after each change of either queue; gives the function that ends it. */
export function onChange(hear) {
  const ends = [realBox, practiceBox].map((one) => one.onChange(hear));
  return () => ends.forEach((end) => end());
}

/* {persisted, usage, quota, low, lost}; see store.storageState. */
export const storageState = () => stores.storageState();

const others = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("notes");
if (others) {
  realBox.onChange((isOwn) => isOwn && others.postMessage("changed"));
  others.onmessage = () => realBox.heardElsewhere();
}
