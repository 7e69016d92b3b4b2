/* Enrolment: a one-time code from the supervisor makes this phone a device of its unit. */

import { sha256, toBase64, toHex, utf8 } from "./b64.js";
import * as stores from "./store.js";
import * as training from "./training.js";
import { appBuild, network, Unreached } from "./transport.js";
import * as vaultkeys from "./vaultkeys.js";

/* A code as typed or scanned, in the way it is printed: groups of four. */
export function tidyCode(text) {
  const signs = String(text).toUpperCase().replace(/[^0-9A-Z]/g, "");
  return (signs.match(/.{1,4}/g) || []).join("-");
}

/* The code in the address that a scanned invitation opens ("#XXXX-XXXX-XXXX"), or "". */
export function codeInAddress(hash) {
  const code = tidyCode(decodeURIComponent(String(hash || "").replace(/^#/, "")));
  return /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(code) ? code : "";
}

/* Enrol this phone; gives its record as device() does. The vault has to be open. Throws Error:
   "locked", "offline", "unknown-code", "used", "expired", "wait" (too many tries), "answer". */
export async function enrol(text) {
  const code = tidyCode(text);
  const attempt = toHex(await sha256(utf8(code))).slice(0, 16);
  const publicKey = await vaultkeys.nextKey(attempt);
  const said = await asked({ code, public: toBase64(publicKey), app: appBuild() });
  const record = {
    device: said.device,
    profile: said.profile,
    organisation: said.organisation,
    area: said.area,
    valid_until: said.valid_until,
    issuer: said.issuer,
    unit: said.unit,
    state: "ready",
    enrolled_at: Date.now(),
    contact_at: Date.now(),
  };
  const store = await stores.real();
  await store.change(async (on) => {
    const before = await on.get("meta", "device");
    // Another device counts its own items from one.
    if (!before || before.device !== record.device) await on.remove("meta", "sequence");
    await vaultkeys.takeNextKey(on);
    await on.put("meta", record, "device");
  });
  await vaultkeys.reopen();
  return record;
}

async function asked(value) {
  let answer;
  try {
    answer = await network.post("enrol", value);
  } catch (problem) {
    throw problem instanceof Unreached ? new Error("offline") : problem;
  }
  const { status, body } = answer;
  if (status === 200 && body && body.device && body.unit && body.issuer) return body;
  if (status === 403 && body && body.reason) throw new Error(String(body.reason));
  throw new Error(status === 429 ? "wait" : "answer");
}

/* {device, profile, organisation, area, valid_until, unit, issuer, state, contact_at} of the mode
   that is on, or null. `unit` is null once the keys were dropped. */
export const device = async () => (await stores.meta.get("device")) || null;

/* {state, training, valid_until, contact_at, wait}. `state`: "new" (no passphrase yet), "set-up"
   (no device yet), "ready", "expired", "revoked" (keys and directory are gone; items go on being
   sent). `wait`: milliseconds until the passphrase may be tried again. */
export async function status() {
  const isSetUp = await vaultkeys.isSetUp();
  const record = await device();
  const states = { ready: "ready", expired: "expired", revoked: "revoked" };
  const state = isSetUp ? (record && states[record.state]) || "set-up" : "new";
  return {
    state,
    training: training.isTraining(),
    valid_until: record ? record.valid_until || null : null,
    contact_at: record ? record.contact_at || null : null,
    wait: await vaultkeys.waitLeft(),
  };
}
