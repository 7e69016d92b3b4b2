/* Calls of the sealing modules for the tests: bytes come and go as hexadecimal. */

import { fromHex, toBase64, toHex, utf8 } from "/field/app/b64.js";
import * as envelope from "/field/app/envelope.js";
import * as hpke from "/field/app/hpke.js";

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", namedCurve: "P-256" };
const SUITES = { 1: hpke.AES_128_GCM, 2: hpke.AES_256_GCM };

/* A key pair from its numbers, 32 and 65 bytes. */
async function pairOf(secret, point) {
  const raw = fromHex(point);
  const [x, y, d] = [raw.slice(1, 33), raw.slice(33), fromHex(secret)].map(toBase64);
  const open = { kty: "EC", crv: "P-256", x, y };
  return {
    publicKey: await crypto.subtle.importKey("jwk", open, CURVE, true, []),
    privateKey: await crypto.subtle.importKey("jwk", { ...open, d }, CURVE, true, ["deriveBits"]),
  };
}

export async function vector({ aead, skEm, pkEm, pkRm, info, aad, pt }) {
  const ephemeral = await pairOf(skEm, pkEm);
  const { encapsulated, shared } = await hpke.encapsulate(fromHex(pkRm), ephemeral);
  const schedule = await hpke.keySchedule(SUITES[aead], shared, fromHex(info));
  const options = { aead: SUITES[aead], aad: fromHex(aad), ephemeral };
  const sealed = await hpke.seal(fromHex(pkRm), fromHex(pt), fromHex(info), options);
  return {
    enc: toHex(encapsulated),
    shared_secret: toHex(shared),
    key: toHex(schedule.key),
    base_nonce: toHex(schedule.nonce),
    exporter_secret: toHex(schedule.exporter),
    ct: toHex(sealed.slice(65)),
  };
}

export async function opened({ aead, secret, point, sealed, info, aad }) {
  const pair = await pairOf(secret, point);
  try {
    const options = { aead: SUITES[aead], aad: fromHex(aad) };
    return toHex(await hpke.open(pair, fromHex(sealed), fromHex(info), options));
  } catch {
    return "refused";
  }
}

export const sealed = async ({ point, plain, info }) =>
  toHex(await hpke.seal(fromHex(point), fromHex(plain), fromHex(info)));

/* A sealed report and the public half of the key that signed it. */
export async function made({ point, facts }) {
  const pair = await crypto.subtle.generateKey(SIGNING, false, ["sign", "verify"]);
  const raw = fromHex(point);
  const key = { id: await envelope.keyName(raw), public: toBase64(raw) };
  const result = await envelope.makeEnvelope({ ...facts, key }, envelope.signWith(pair.privateKey));
  return {
    ...result,
    again: await envelope.digestOf(result.envelope),
    code: await envelope.codeOf(facts.id),
    reference: await envelope.referenceOf(facts.id),
    isEnvelope: envelope.isEnvelope(result.envelope),
    signer: toHex(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey))),
  };
}

/* What the checks refuse each content or identity for; "" for what passes. */
export const flaws = ({ contents = [], identities = [] }) => {
  const flawOf = (check) => (value) => {
    try {
      check(value);
      return "";
    } catch (problem) {
      return problem.message;
    }
  };
  return {
    contents: contents.map(flawOf(envelope.checkContent)),
    identities: identities.map(flawOf(envelope.checkIdentity)),
  };
};

export const paddedLengths = (texts) => texts.map((note) => envelope.padded({ note }).length);

export const isEnvelope = (values) => values.map((value) => envelope.isEnvelope(value));

export const chosenKey = (keys) => envelope.receptionKey(keys).id;

export const timeOfSeals = async ({ point, count }) => {
  const start = performance.now();
  for (let at = 0; at < count; at += 1) await hpke.seal(fromHex(point), utf8("x"), utf8("y"));
  return (performance.now() - start) / count;
};
