/* How the app writes bytes down: base64url without padding, hexadecimal, UTF-8. */

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
const LAST = Date.UTC(9999, 11, 31); // further on a year has five digits
const STEP = 0x8000; // bytes that String.fromCharCode takes at once on every browser

export const utf8 = (text) => encoder.encode(text);
/* Throws TypeError when the bytes are not UTF-8. */
export const textOf = (bytes) => decoder.decode(bytes);
export const jsonOf = (bytes) => JSON.parse(textOf(bytes));

export function toBase64(bytes) {
  let raw = "";
  for (let at = 0; at < bytes.length; at += STEP) {
    raw += String.fromCharCode(...bytes.subarray(at, at + STEP));
  }
  return btoa(raw).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/* Throws when `text` is not the one way to write its bytes: two texts never mean the same. */
export function fromBase64(text) {
  if (typeof text !== "string" || !/^[\w-]*$/.test(text)) throw new Error("base64");
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(raw, (sign) => sign.charCodeAt(0));
  if (toBase64(bytes) !== text) throw new Error("base64");
  return bytes;
}

export const toHex = (bytes) =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export function fromHex(text) {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new Error("hexadecimal");
  return Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
}

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const random = (length) => crypto.getRandomValues(new Uint8Array(length));

export const sha256 = async (bytes) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/* A moment in seconds, UTC, as envelopes and contacts carry it: "2026-11-22T05:58:00Z". */
export const moment = (milliseconds) =>
  new Date(Math.min(Math.max(milliseconds, 0), LAST)).toISOString().replace(/\.\d+Z$/, "Z");

/* A random id, RFC 9562 version 4. (crypto.randomUUID is missing in browsers before 2021.) */
export function uuid() {
  const bytes = random(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
