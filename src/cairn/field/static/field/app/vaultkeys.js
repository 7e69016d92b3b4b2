/* The keys of the phone: what the passphrase opens, and when it closes again.

   Two slots of the same look stand side by side in a random order: the passphrase opens one, the
   passphrase for an emergency the other (which holds noise when none was set). A slot gives the
   master key; the signing key and the drafts are sealed under keys derived from that. */

import { fromBase64, joined, random, toBase64, utf8 } from "./b64.js";
import * as stores from "./store.js";
import { endDraft } from "./store.js";
import * as training from "./training.js";

/* OWASP Password Storage Cheat Sheet (2023): 600,000 rounds for PBKDF2 with SHA-256. */
export const ROUNDS = 600_000;
const SALT_LENGTH = 16;
const MASTER_LENGTH = 32;
const SLOT_LENGTH = 48; // kind, master key, filling
const KIND_REAL = 1;
const KIND_PRACTICE = 2;
const SIGNING_BOX = 154; // bytes of a sealed P-256 key in PKCS #8
export const IDLE = 60 * 1000;
/* Waits after the fifth wrong passphrase in a row, and from then on; the last one stays. */
const WAITS = [30, 60, 300, 900, 3600].map((seconds) => seconds * 1000);
const FREE_TRIES = 4;
const SIGNING = { name: "ECDSA", namedCurve: "P-256" };

let opened = null; // {signing: CryptoKey | null, master: CryptoKey} while unlocked
let idleTimer = null;
let watching = false;
const heard = new Set();

const tidy = (passphrase) => String(passphrase).normalize("NFKC").trim().replace(/\s+/g, " ");

/* At least eight signs that are not digits alone, or three words. */
export function isStrong(passphrase) {
  const text = tidy(passphrase);
  const words = text.split(" ").filter((word) => [...word].length > 1);
  if (/^[\p{N}\s]*$/u.test(text)) return [...text].length >= 12;
  return [...text].length >= 8 || words.length >= 3;
}

async function passphraseKey(passphrase, salt) {
  const secret = utf8(tidy(passphrase));
  const base = await crypto.subtle.importKey("raw", secret, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
}

async function boxed(key, plain) {
  const iv = random(12);
  const box = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain));
  return { iv: toBase64(iv), box: toBase64(box) };
}

async function unboxed(key, { iv, box }) {
  const how = { name: "AES-GCM", iv: fromBase64(iv) };
  return new Uint8Array(await crypto.subtle.decrypt(how, key, fromBase64(box)));
}

const noise = (length) => ({ iv: toBase64(random(12)), box: toBase64(random(length)) });
const emptySlot = () => ({ salt: toBase64(random(SALT_LENGTH)), ...noise(SLOT_LENGTH + 16) });

async function slotFor(passphrase, kind, master) {
  const salt = random(SALT_LENGTH);
  const filling = random(SLOT_LENGTH - 1 - MASTER_LENGTH);
  const plain = joined(Uint8Array.of(kind), master, filling);
  return { salt: toBase64(salt), ...(await boxed(await passphraseKey(passphrase, salt), plain)) };
}

/* {kind, master} when the passphrase opens the slot, else null. */
async function tried(slot, passphrase) {
  try {
    const plain = await unboxed(await passphraseKey(passphrase, fromBase64(slot.salt)), slot);
    return { kind: plain[0], master: plain.slice(1, 1 + MASTER_LENGTH) };
  } catch {
    return null;
  }
}

/* A key for one purpose, derived from the master key (RFC 5869). */
async function keyFor(master, purpose) {
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: utf8(purpose) };
  return crypto.subtle.deriveKey(how, master, { name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
}

const importMaster = (raw) => crypto.subtle.importKey("raw", raw, "HKDF", false, ["deriveKey"]);

/* --- Setting up ------------------------------------------------------------------------------ */

/* Whether a passphrase was set; also finds the mode that this phone is in. */
export async function isSetUp() {
  const store = await stores.real();
  const [lock, gone] = await store.read((on) =>
    Promise.all([on.get("meta", "lock"), on.get("meta", "practice")]),
  );
  if (gone) await training.restore();
  return Boolean(lock);
}

/* Set the passphrase, and one for an emergency ("" for none); the vault is open afterwards.
   Throws Error: "weak", "same", "set-up" (there is one already). */
export async function setUp(passphrase, duressPassphrase = "") {
  if (!isStrong(passphrase) || (duressPassphrase && !isStrong(duressPassphrase))) {
    throw new Error("weak");
  }
  if (tidy(passphrase) === tidy(duressPassphrase)) throw new Error("same");
  const master = random(MASTER_LENGTH);
  const slots = [
    await slotFor(passphrase, KIND_REAL, master),
    duressPassphrase
      ? await slotFor(duressPassphrase, KIND_PRACTICE, random(MASTER_LENGTH))
      : emptySlot(),
  ];
  if (random(1)[0] & 1) slots.reverse();
  const store = await stores.real();
  await store.change(async (on) => {
    if (await on.get("meta", "lock")) throw new Error("set-up");
    await on.put("meta", { v: 1, slots }, "lock");
    await on.remove("meta", "attempts");
  });
  stores.persist();
  await unlocked(store, master);
}

/* Throw the passphrase and the keys away to begin anew; sealed items stay and go on being sent. */
export async function startOver() {
  await destroy();
  const store = await stores.real();
  await store.change(async (on) => {
    for (const key of ["lock", "attempts", "practice"]) await on.remove("meta", key);
  });
  training.forget();
}

/* --- Unlocking ------------------------------------------------------------------------------- */

/* Milliseconds until the next try is allowed; 0 when it is. A clock that was set back makes the
   wait no longer than it was. */
export async function waitLeft() {
  const attempts = await (await stores.real()).get("attempts");
  if (!attempts || !attempts.until) return 0;
  const left = attempts.until - Date.now();
  return left > 0 ? Math.min(left, attempts.wait) : 0;
}

/* A try counts before it is made, so that ending the app in the middle gives no free ones. */
async function countTry(store) {
  await store.change(async (on) => {
    const before = await on.get("meta", "attempts");
    const count = (before ? before.count : 0) + 1;
    const late = count - FREE_TRIES - 1;
    const wait = late < 0 ? 0 : WAITS[Math.min(late, WAITS.length - 1)];
    await on.put("meta", { count, wait, until: wait ? Date.now() + wait : 0 }, "attempts");
  });
}

/* "real", "training" (the emergency passphrase: keys, drafts and directory are gone by the time
   this resolves), "wrong", or "wait" (too many tries; this one was not looked at). */
export async function unlock(passphrase) {
  const store = await stores.real();
  const lock = await store.get("lock");
  if (!lock) return "wrong";
  if (await waitLeft()) return "wait";
  await countTry(store);
  // Both slots are always tried, so that the time taken tells nothing.
  const results = await Promise.all(lock.slots.map((slot) => tried(slot, passphrase)));
  const found = results.find(Boolean);
  if (!found) return "wrong";
  await store.remove("attempts");
  if (found.kind !== KIND_PRACTICE) {
    training.forget();
    await unlocked(store, found.master);
    return "real";
  }
  await store.set("practice", 1);
  await destroy({ spared: results.indexOf(found) });
  await training.enter({ forGood: true });
  watch();
  touch();
  return "training";
}

async function unlocked(store, rawMaster) {
  const master = await importMaster(rawMaster);
  opened = { master, signing: null };
  stores.useDraftKey(stores.REAL, await keyFor(master, "draft"));
  const record = await store.get("signing");
  if (record) opened.signing = await signingFrom(master, record);
  watch();
  touch();
}

async function signingFrom(master, record) {
  try {
    const raw = await unboxed(await keyFor(master, "signing"), record);
    return await crypto.subtle.importKey("pkcs8", raw, SIGNING, false, ["sign"]);
  } catch {
    // Noise in the place of a key that was destroyed: this phone has to be enrolled again.
    return null;
  }
}

export const isUnlocked = () => opened !== null || training.isOpen();

/* The device's signing key. Throws Error("locked"); Error("not-enrolled") when there is none. */
export function signingKey() {
  if (!opened) throw new Error("locked");
  if (!opened.signing) throw new Error("not-enrolled");
  return opened.signing;
}

export function lock() {
  const wasOpen = isUnlocked();
  opened = null;
  clearTimeout(idleTimer);
  stores.useDraftKey(stores.REAL, null);
  training.close();
  if (wasOpen) for (const hear of heard) hear();
}

/* Call `hear()` each time the vault locks; gives the function that ends it. */
export function onLock(hear) {
  heard.add(hear);
  return () => heard.delete(hear);
}

/* Somebody is there: the minute begins anew. */
export function touch() {
  clearTimeout(idleTimer);
  if (isUnlocked()) idleTimer = setTimeout(lock, IDLE);
}

/* Lock after a minute without a touch, and when the page is hidden. */
export function watch() {
  if (watching || typeof document === "undefined") return;
  watching = true;
  for (const name of ["pointerdown", "keydown", "touchstart"]) {
    document.addEventListener(name, touch, { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") lock();
  });
  addEventListener("pagehide", lock);
}

/* --- The signing key --------------------------------------------------------------------------- */

/* Make the key that will sign for this phone, under the passphrase; gives its public half, 65
   bytes. The key in use stays until takeNextKey. For the same `attempt` it gives the same key:
   an enrolment whose answer was lost is repeated, not begun anew. Throws Error("locked"). */
export async function nextKey(attempt) {
  if (!opened) throw new Error("locked");
  const { master } = opened;
  const store = await stores.real();
  const before = await store.get("signing_next");
  if (before && before.attempt === attempt && (await signingFrom(master, before))) {
    return fromBase64(before.public);
  }
  const pair = await crypto.subtle.generateKey(SIGNING, true, ["sign", "verify"]);
  const raw = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const record = {
    ...(await boxed(await keyFor(master, "signing"), raw)),
    public: toBase64(publicKey),
    attempt,
  };
  raw.fill(0);
  await store.set("signing_next", record);
  return publicKey;
}

/* Inside a transaction: the next key becomes the one that signs. Afterwards: await reopen(). */
export async function takeNextKey(on) {
  const next = await on.get("meta", "signing_next");
  if (!next) throw new Error("locked");
  await on.put("meta", next, "signing");
  await on.remove("meta", "signing_next");
}

export async function reopen() {
  if (!opened) return;
  const { master } = opened;
  const signing = await signingFrom(master, await (await stores.real()).get("signing"));
  if (opened) opened.signing = signing;
}

/* --- Destroying -------------------------------------------------------------------------------- */

/* Keys, drafts, directory and the entries of what was received are gone for good; noise stands
   where the keys stood, and the vault is locked. Sealed items stay, for nobody can read them here,
   and go on being sent. `spared`: the slot of the emergency passphrase, when that is why; the other becomes noise.
   `facts`: what to note in the record of the device, such as {state: "revoked"}. */
export async function destroy({ spared = null, facts = {} } = {}) {
  const store = await stores.real();
  await store.change(async (on) => {
    const record = await on.get("meta", "lock");
    if (record && spared !== null) {
      const slots = record.slots.map((slot, at) => (at === spared ? slot : emptySlot()));
      await on.put("meta", { ...record, slots }, "lock");
    }
    if (await on.get("meta", "signing")) await on.put("meta", noise(SIGNING_BOX), "signing");
    for (const key of ["signing_next", "directory", "unsafe"]) await on.remove("meta", key);
    await endDraft(on);
    // Of the device only what sending and receipts need remains.
    const device = await on.get("meta", "device");
    if (device) {
      const { device: code, issuer } = device;
      const rest = { device: code, issuer, unit: null, state: "wiped", ...facts };
      await on.put("meta", rest, "device");
    }
    for (const row of await on.all("items")) if (!row.waiting) await on.remove("items", row.id);
  });
  lock();
}
