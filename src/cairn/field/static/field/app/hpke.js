/* Hybrid public key encryption, RFC 9180, base mode, on the browser's own cryptography:
   DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-GCM with a key of 128 or 256 bits. */

import { joined, utf8 } from "./b64.js";

export const AES_128_GCM = { id: 0x0001, keyLength: 16 };
export const AES_256_GCM = { id: 0x0002, keyLength: 32 };
export const PUBLIC_LENGTH = 65; // bytes of an uncompressed point on P-256

const KEM_ID = 0x0010;
const KDF_ID = 0x0001;
const NONCE_LENGTH = 12;
const HASH_LENGTH = 32;
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const VERSION = utf8("HPKE-v1");
const NOTHING = new Uint8Array(0);

const two = (number) => Uint8Array.of(number >> 8, number & 0xff);
const KEM_SUITE = joined(utf8("KEM"), two(KEM_ID));
const suiteName = (aead) => joined(utf8("HPKE"), two(KEM_ID), two(KDF_ID), two(aead.id));

async function hmac(key, message) {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  // WebCrypto refuses an empty key; RFC 2104 fills a short key with zeros, so this is the same.
  const raw = key.length ? key : new Uint8Array(HASH_LENGTH);
  const secret = await crypto.subtle.importKey("raw", raw, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", secret, message));
}

const labeledExtract = (suite, salt, label, material) =>
  hmac(salt, joined(VERSION, suite, utf8(label), material));

/* RFC 5869 with one block: nothing here is longer than the 32 bytes of SHA-256. */
async function labeledExpand(suite, secret, label, context, length) {
  const labeled = joined(two(length), VERSION, suite, utf8(label), context);
  const block = await hmac(secret, joined(labeled, Uint8Array.of(1)));
  return block.slice(0, length);
}

const importPublic = (raw) => crypto.subtle.importKey("raw", raw, CURVE, true, []);

async function agreed(privateKey, publicKey) {
  const algorithm = { name: "ECDH", public: publicKey };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, privateKey, 256));
}

async function kemSecret(dh, encapsulated, recipient) {
  const context = joined(encapsulated, recipient);
  const secret = await labeledExtract(KEM_SUITE, NOTHING, "eae_prk", dh);
  return labeledExpand(KEM_SUITE, secret, "shared_secret", context, HASH_LENGTH);
}

/* RFC 9180, section 5.1, mode_base. What does not wait for each other runs at once: each answer of
   WebCrypto takes a turn of the page, and a slow phone has few turns in a moment. */
export async function keySchedule(aead, shared, info) {
  const suite = suiteName(aead);
  const [pskHash, infoHash, secret] = await Promise.all([
    labeledExtract(suite, NOTHING, "psk_id_hash", NOTHING),
    labeledExtract(suite, NOTHING, "info_hash", info),
    labeledExtract(suite, shared, "secret", NOTHING),
  ]);
  const context = joined(Uint8Array.of(0), pskHash, infoHash);
  const [key, nonce, exporter] = await Promise.all([
    labeledExpand(suite, secret, "key", context, aead.keyLength),
    labeledExpand(suite, secret, "base_nonce", context, NONCE_LENGTH),
    labeledExpand(suite, secret, "exp", context, HASH_LENGTH),
  ]);
  return { key, nonce, exporter };
}

/* Shared secret and encapsulated key for a recipient (65 bytes). `ephemeral`: a key pair of
   ECDH on P-256; a new one is made when none is given, which only a test of vectors does. */
export async function encapsulate(recipient, ephemeral) {
  const [pair, theirs] = await Promise.all([
    ephemeral || crypto.subtle.generateKey(CURVE, true, ["deriveBits"]),
    importPublic(recipient),
  ]);
  const [raw, dh] = await Promise.all([
    crypto.subtle.exportKey("raw", pair.publicKey),
    agreed(pair.privateKey, theirs),
  ]);
  const encapsulated = new Uint8Array(raw);
  return { encapsulated, shared: await kemSecret(dh, encapsulated, recipient) };
}

async function aesKey(raw, use) {
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, [use]);
}

/* The encapsulated key and the ciphertext in one piece. `recipient`: 65 bytes; `info`: bytes. */
export async function seal(recipient, plain, info, options = {}) {
  const { aead = AES_256_GCM, aad = NOTHING, ephemeral = null } = options;
  const { encapsulated, shared } = await encapsulate(recipient, ephemeral);
  const { key, nonce } = await keySchedule(aead, shared, info);
  const algorithm = { name: "AES-GCM", iv: nonce, additionalData: aad };
  const sealed = await crypto.subtle.encrypt(algorithm, await aesKey(key, "encrypt"), plain);
  return joined(encapsulated, new Uint8Array(sealed));
}

/* The plain bytes. `pair`: the recipient's key pair. Throws when anything was altered. The app
   itself never opens a report; this is how the tests see that seal() says the truth. */
export async function open(pair, sealed, info, options = {}) {
  const { aead = AES_256_GCM, aad = NOTHING } = options;
  const encapsulated = sealed.slice(0, PUBLIC_LENGTH);
  const recipient = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const dh = await agreed(pair.privateKey, await importPublic(encapsulated));
  const shared = await kemSecret(dh, encapsulated, recipient);
  const { key, nonce } = await keySchedule(aead, shared, info);
  const algorithm = { name: "AES-GCM", iv: nonce, additionalData: aad };
  const body = sealed.slice(PUBLIC_LENGTH);
  return new Uint8Array(
    await crypto.subtle.decrypt(algorithm, await aesKey(key, "decrypt"), body),
  );
}
