/* Contact with the unit: what is new, is this device still trusted, "I am not safe".

   A revoked device loses keys, drafts and directory at its next contact; one that had no contact
   until its last valid day loses them by itself. What is sealed stays and is sent either way. */

import { moment, random, toBase64, utf8 } from "./b64.js";
import { signWith } from "./envelope.js";
import { realOutbox } from "./outbox.js";
import * as packs from "./packs.js";
import * as stores from "./store.js";
import * as training from "./training.js";
import { appBuild, network, Unreached } from "./transport.js";
import * as vaultkeys from "./vaultkeys.js";

const HOUR = 3600 * 1000;
const MOST_ASKED = 200;

/* What the device signs. */
export const contactText = ({ device, at, nonce, app, unsafe, ask }) =>
  ["cairn contact 1", device, at, nonce, app, unsafe ? 1 : 0, ask.join(",")].join("\n");

async function signedContact(device, now, unsafe) {
  const value = {
    device: device.device,
    at: moment(now),
    nonce: toBase64(random(16)),
    app: appBuild(),
    unsafe,
    ask: await realOutbox.toAsk(MOST_ASKED),
  };
  const sign = signWith(vaultkeys.signingKey());
  return { ...value, sig: toBase64(await sign(utf8(contactText(value)))) };
}

/* The answer; one more try with the server's time when this clock is far off. */
async function answered(device, unsafe) {
  const answer = await network.post("contact", await signedContact(device, Date.now(), unsafe));
  const theirs = answer.status === 409 && answer.body ? Date.parse(answer.body.now) : NaN;
  if (!Number.isFinite(theirs)) return answer;
  return network.post("contact", await signedContact(device, theirs, unsafe));
}

/* Tell the unit that this phone is there. `unsafe`: the officer is not safe; kept until it was
   said. Gives {state}: "ok", "revoked", "expired", "offline", "refused", "locked",
   "not-enrolled" or "training". Never throws for the line. */
export async function contact({ unsafe = false } = {}) {
  if (training.isTraining()) return { state: "training" };
  const store = await stores.real();
  if (unsafe) await store.set("unsafe", Date.now());
  const device = await store.get("device");
  if (!device || !device.unit) return { state: "not-enrolled" };
  const alarm = await store.get("unsafe");
  let answer;
  try {
    answer = await answered(device, Boolean(alarm));
  } catch (problem) {
    if (problem instanceof Unreached) return { state: "offline" };
    return { state: problem.message === "locked" ? "locked" : "not-enrolled" };
  }
  const { status, body } = answer;
  if (status === 403 && body && body.reason === "expired") {
    await drop("expired");
    return { state: "expired" };
  }
  if (status !== 200 || !body) return { state: "refused" };
  if (body.revoked === true) {
    await drop("revoked");
    return { state: "revoked" };
  }
  if (!body.unit) return { state: "refused" };
  await learnt(store, body, alarm);
  return { state: "ok", build: body.pack };
}

/* Keep what the unit said, in one transaction. */
async function learnt(store, body, alarm) {
  await store.change(async (on) => {
    const device = await on.get("meta", "device");
    // Expired or revoked meanwhile: what was dropped does not come back.
    if (!device || !device.unit) return;
    const issuer = body.issuer || device.issuer;
    const { unit, valid_until } = body;
    const record = { ...device, unit, valid_until, issuer, contact_at: Date.now() };
    await on.put("meta", record, "device");
    if (body.directory) await on.put("meta", body.directory, "directory");
    if ((await on.get("meta", "unsafe")) === alarm) await on.remove("meta", "unsafe");
  });
  await realOutbox.told(body.items);
  const kept = packs.contents();
  if (kept && body.pack && body.pack !== kept.build) packs.renew().catch(() => {});
}

/* "I am not safe": true when the unit has it, false while it waits for a line or the passphrase
   (it is said at the next contact by itself). In practice it goes nowhere. */
export const unsafe = async () => ["ok", "training"].includes((await contact({ unsafe: true })).state);

/* Has "I am not safe" still to be said? */
export const unsafeWaits = async () => Boolean(await (await stores.real()).get("unsafe"));

/* What the unit told of itself (see the answer of the server); null once keys were dropped. */
export const unit = async () => ((await stores.meta.get("device")) || {}).unit || null;

/* When this phone and its unit last spoke (ISO), or null. */
export async function last() {
  const { contact_at: at = null } = (await stores.meta.get("device")) || {};
  return at === null ? null : new Date(at).toISOString();
}

const heard = new Set();

/* Call `hear("revoked" or "expired")` when keys, drafts and directory were dropped. */
export function onRevoked(hear) {
  heard.add(hear);
  return () => heard.delete(hear);
}

async function drop(state) {
  await vaultkeys.destroy({ facts: { state } });
  for (const hear of heard) hear(state);
}

/* Drop keys, drafts and directory when the last valid day is over; true when that was now. */
export async function dropExpired(now = Date.now()) {
  const device = await (await stores.real()).get("device");
  if (!device || device.state !== "ready" || !device.valid_until) return false;
  if (!(now > Date.parse(device.valid_until))) return false;
  await drop("expired");
  return true;
}

/* Say so when it is time: an alarm waits, or an hour has gone by since the last contact. */
export async function contactWhenDue() {
  const store = await stores.real();
  const [device, alarm] = await store.read((on) =>
    Promise.all([on.get("meta", "device"), on.get("meta", "unsafe")]),
  );
  const age = device ? Date.now() - (device.contact_at || 0) : 0;
  if (alarm || age > HOUR || age < 0) return contact();
  return { state: "ok" };
}
