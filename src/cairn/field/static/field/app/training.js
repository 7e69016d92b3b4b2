/* Practice: the same app on another database, with a key whose private half nobody has.

   Its transport is a small server in memory. Neither this module nor what it hands to the queue
   can reach the network, and a courier of real items refuses what was made here. */

import { toBase64 } from "./b64.js";
import { digestOf, keyName } from "./envelope.js";
import { texts } from "./packs.js";
import * as stores from "./store.js";

/* No real device has this code: the alphabet of codes has no 0. */
export const DEVICE = "000-000";
const SIGNING = { name: "ECDSA", namedCurve: "P-256" };
const RECEPTION = { name: "ECDH", namedCurve: "P-256" };
const AES = { name: "AES-GCM", length: 256 };
const FAR = "9999-12-31T23:59:59Z";

let on = false;
let forGood = false; // the keys of the real mode are gone: practice is what this app is now
let signing = null;

export const isTraining = () => on;
export const isOpen = () => on && signing !== null;

/* Throws Error("locked"). */
export function signingKey() {
  if (!signing) throw new Error("locked");
  return signing;
}

/* A public key of which the private half is thrown away here and now. */
async function keyOfNobody() {
  const pair = await crypto.subtle.generateKey(RECEPTION, false, ["deriveBits"]);
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { id: await keyName(raw), public: toBase64(raw), not_after: FAR };
}

/* Invented places, services and people to tell, in the language of the app. */
async function inventedUnit() {
  const named = (key) => texts(key);
  return {
    name: named("practice_unit"),
    keys: [await keyOfNobody()],
    areas: [1, 2, 3].map((number) => [`practice-${number}`, named(`practice_area_${number}`)]),
    emergency: [[named("practice_emergency"), "000"]],
    recipients: [1, 2].map((number) => [`practice-${number}`, named(`practice_recipient_${number}`)]),
    mandatory_reporting: named("practice_mandatory_reporting"),
    restricted_note: "",
    edition: "",
  };
}

function inventedPoints() {
  const today = new Date().toISOString().slice(0, 10);
  return [1, 2, 3].map((number) => ({
    code: `practice-${number}`,
    name: texts(`practice_point_${number}`),
    organisation: texts("practice_unit"),
    needs: [["safe-place", "basic-needs"], ["health", "counselling"], ["legal", "asylum"]][number - 1],
    area: `practice-${number}`,
    country: "",
    languages: [],
    ages: [],
    sexes: [],
    hours: "",
    phone: "000",
    reach: "",
    assured_on: today,
  }));
}

/* Go over to practice; the vault need not be open. */
export async function enter({ forGood: stays = false } = {}) {
  const store = await stores.practice();
  const pair = await crypto.subtle.generateKey(SIGNING, false, ["sign"]);
  const draftKey = await crypto.subtle.generateKey(AES, false, ["encrypt", "decrypt"]);
  const unit = await inventedUnit();
  const issuer = { kid: "", x: "", y: "" };
  const device = { device: DEVICE, state: "ready", profile: "other", area: "practice-1", unit, issuer };
  const directory = { as_of: new Date().toISOString(), points: inventedPoints() };
  await store.change(async (shelves) => {
    // A draft of another session cannot be opened any more.
    await stores.endDraft(shelves);
    await shelves.put("meta", { ...device, valid_until: FAR, organisation: unit.name }, "device");
    await shelves.put("meta", directory, "directory");
  });
  stores.use(stores.PRACTICE);
  stores.useDraftKey(stores.PRACTICE, draftKey);
  signing = pair.privateKey;
  forGood ||= stays;
  on = true;
}

/* After a reload: the phone is in practice for good, and locked. */
export function restore() {
  stores.use(stores.PRACTICE);
  forGood = true;
  on = true;
}

/* Lock. Practice that was chosen is over with that; the other kind stays. */
export function close() {
  signing = null;
  stores.useDraftKey(stores.PRACTICE, null);
  if (forGood) return;
  on = false;
  stores.use(stores.REAL);
}

export const leave = async () => close();

/* The real passphrase was given, or the app is set up anew. */
export function forget() {
  forGood = false;
  close();
}

/* --- The server in memory ------------------------------------------------------------------------ */

const kept = new Map();

async function received(envelope) {
  const digest = await digestOf(envelope);
  const outcome = kept.has(envelope.id) ? "duplicate" : "received";
  kept.set(envelope.id, digest);
  return { id: envelope.id, outcome, digest, reason: "" };
}

async function post(path, value) {
  if (path !== "envelopes") return { status: 404, body: null, wait: null };
  const results = await Promise.all(value.items.map(received));
  return { status: 200, body: { v: 1, results }, wait: null };
}

export const transport = { post };
