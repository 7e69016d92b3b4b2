/* The sealed report, version 1: one JSON object that only the receiving unit can open, signed by
   the phone. The same shape is checked by cairn.identification.envelopes on the server. */

import { fromBase64, moment, sha256, toBase64, toHex, utf8 } from "./b64.js";
import { PUBLIC_LENGTH, seal } from "./hpke.js";

// The alphabet of references: no sign looks or sounds like another (core.pseudonyms).
export const ALPHABET = "23456789CDFGHJKMNPQRTVWX";
const STEP = 1024; // plaintexts are filled up to a multiple, so that their length tells little
export const MOST_BYTES = 64 * 1024; // one item as JSON
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };

const KEYS = ["content", "device", "id", "identity", "key", "list", "made_at", "seq", "sig", "urgent", "v"];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const DEVICE = /^[A-Z0-9]{3}-[A-Z0-9]{3}$/;
const EDITION = /^[A-Za-z0-9][A-Za-z0-9.-]{0,19}$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/* What may stand in a content, and the values of what is coded. `null`: any value. */
const THREE = ["yes", "no", "unknown"];
const BANDS = ["none", "unclear", "concern"];
const CONTENT = {
  v: [1],
  danger: ["now", "no"],
  age: ["child", "maybe-child", "adult"],
  outcome: ["emergency", "refer", "child-referral", "information", "nothing"],
  profile: null,
  setting: null,
  steps: null,
  privacy: ["alone", "not-alone", ""],
  interpreter: ["none", "checked", "unchecked", ""],
  language: null,
  told: ["yes", "no", ""],
  seen: null,
  band: BANDS,
  judgement: [...BANDS, ""],
  judgement_reason: null,
  needs: null,
  age_band: ["0-11", "12-17", "18-24", "25-59", "60+", ""],
  sex: ["female", "male", "other", ""],
  area: null,
  offered: null,
  consent: ["yes", "only", "no", "not-asked"],
  consent_for: null,
  contact: ["in-person", "safe-word", "through-service", "none", ""],
  note: null,
  list: null,
  app: null,
};
const NEEDED = ["v", "danger", "age", "outcome"];
const LONGEST = { note: 500, name: 200, phone: 60 };

function refuse(code) {
  throw new Error(`content: ${code}`);
}

/* Throws Error("content: <key>") for an unknown key, a wrong code, a missing answer. */
export function checkContent(content) {
  for (const key of NEEDED) if (!(key in content)) refuse(key);
  for (const [key, value] of Object.entries(content)) {
    if (!Object.hasOwn(CONTENT, key)) refuse(key);
    if (CONTENT[key] && !CONTENT[key].includes(value)) refuse(key);
  }
  const lists = ["steps", "needs", "offered", "consent_for"];
  for (const key of lists) if (key in content && !Array.isArray(content[key])) refuse(key);
  for (const answer of Object.values(content.seen || {})) {
    if (!THREE.includes(answer)) refuse("seen");
  }
  if ([...(content.note || "")].length > LONGEST.note) refuse("note");
  const lower = BANDS.indexOf(content.judgement || "") !== -1
    && BANDS.indexOf(content.judgement) < BANDS.indexOf(content.band);
  if (lower && !content.judgement_reason) refuse("judgement_reason");
}

/* Identity: name, phone, note, each optional, sealed apart. */
export function checkIdentity(identity) {
  for (const [key, value] of Object.entries(identity)) {
    const most = { ...LONGEST, v: 0 }[key];
    if (most === undefined) refuse(key);
    if (key === "v" ? value !== 1 : typeof value !== "string" || [...value].length > most) refuse(key);
  }
  if (identity.v !== 1) refuse("v");
}

/* Signs that nobody sees, as a number pasted from the contacts brings them; the desk refuses them
   too (see content.py). Line ends and tabs stay, and so do whole signs outside of the first plane. */
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/gu;

export function withoutHidden(value) {
  const clean = { ...value };
  for (const key of Object.keys(LONGEST)) {
    if (typeof clean[key] === "string") clean[key] = clean[key].replace(HIDDEN, "");
  }
  return clean;
}

export function padded(value) {
  const bytes = utf8(JSON.stringify(value));
  const whole = new Uint8Array(Math.ceil(bytes.length / STEP) * STEP).fill(0x20);
  whole.set(bytes);
  return whole;
}

/* The text that seals and signature are bound to. */
export const headerText = (one) =>
  [
    "cairn report 1", one.id, one.device, one.seq, one.key, one.made_at, one.list, one.urgent,
  ].join("\n");

async function signedText(one, content, identity) {
  const parts = [headerText(one), toHex(await sha256(content)), toHex(await sha256(identity))];
  return parts.join("\n");
}

/* First 16 signs of the hash of a public key: its name. */
export const keyName = async (raw) => toHex(await sha256(raw)).slice(0, 16);

/* What a receipt names. Throws when the parts are no base64url. */
export async function digestOf(one) {
  const text = await signedText(one, fromBase64(one.content), fromBase64(one.identity));
  return toHex(await sha256(utf8(text)));
}

/* Twelve signs from the id: the report's code; the first six are the person's reference. */
export async function codeOf(id) {
  let rest = BigInt(`0x${toHex(await sha256(utf8(id)))}`);
  const base = BigInt(ALPHABET.length);
  let signs = "";
  while (signs.length < 12) {
    signs += ALPHABET[Number(rest % base)];
    rest /= base;
  }
  return `${signs.slice(0, 6)}-${signs.slice(6)}`;
}

export const referenceOf = async (id) => {
  const code = await codeOf(id);
  return `${code.slice(0, 3)}-${code.slice(3, 6)}`;
};

/* The unit's key to seal to: the one that is good for longest. When all are past their day (or
   this clock is wrong) the last of them still serves: a late report is better than none. */
export function receptionKey(keys) {
  const order = [...(keys || [])].sort((one, two) => (one.not_after < two.not_after ? 1 : -1));
  if (!order.length) throw new Error("no-key");
  return order[0];
}

/* Seal and sign. `facts`: {id, device, seq, list, now, key: {id, public}, content, identity};
   `sign(bytes)`: the device's signature, 64 bytes. Gives {envelope, digest}. */
export async function makeEnvelope(facts, sign) {
  checkContent(facts.content);
  if (facts.identity) checkIdentity(facts.identity);
  const recipient = fromBase64(facts.key.public);
  if (recipient.length !== PUBLIC_LENGTH || (await keyName(recipient)) !== facts.key.id) {
    throw new Error("no-key");
  }
  const one = {
    v: 1,
    id: facts.id,
    device: facts.device,
    seq: facts.seq,
    key: facts.key.id,
    made_at: moment(facts.now),
    list: facts.list,
    urgent: facts.content.danger === "now" ? 1 : 0,
  };
  const sealed = (part, value) =>
    seal(recipient, padded(withoutHidden(value)), utf8(`${headerText(one)}\n${part}`));
  const [content, identity] = await Promise.all([
    sealed("content", facts.content),
    facts.identity ? sealed("identity", facts.identity) : new Uint8Array(0),
  ]);
  const text = utf8(await signedText(one, content, identity));
  one.content = toBase64(content);
  one.identity = toBase64(identity);
  const [sig, digest] = await Promise.all([sign(text), sha256(text)]);
  one.sig = toBase64(sig);
  if (utf8(JSON.stringify(one)).length > MOST_BYTES) throw new Error("content: size");
  return { envelope: one, digest: toHex(digest) };
}

export const signWith = (key) => async (bytes) =>
  new Uint8Array(await crypto.subtle.sign(SIGNATURE, key, bytes));

/* True when `one` has the shape of an envelope. A courier cannot check more: whose it is and
   what it says is between the phone that made it and the unit. */
export function isEnvelope(one) {
  if (typeof one !== "object" || one === null) return false;
  if (Object.keys(one).sort().join() !== KEYS.join()) return false;
  const isText = ["id", "device", "key", "made_at", "list", "content", "identity", "sig"].every(
    (key) => typeof one[key] === "string",
  );
  return (
    isText &&
    one.v === 1 &&
    UUID.test(one.id) &&
    DEVICE.test(one.device) &&
    Number.isSafeInteger(one.seq) &&
    one.seq >= 1 &&
    /^[0-9a-f]{16}$/.test(one.key) &&
    MOMENT.test(one.made_at) &&
    EDITION.test(one.list) &&
    [0, 1].includes(one.urgent) &&
    [one.content, one.identity, one.sig].every((text) => /^[\w-]*$/.test(text)) &&
    one.content.length > 0 &&
    JSON.stringify(one).length <= MOST_BYTES
  );
}
