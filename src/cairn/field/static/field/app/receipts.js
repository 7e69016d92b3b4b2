/* Receipts: what the installation signs about items that it keeps, checked on the phone with the
   key that was pinned when the phone was enrolled. */

import { fromBase64, joined, jsonOf, utf8 } from "./b64.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const ALGORITHM = { name: "ECDSA", hash: "SHA-256" };

/* What a receipt says, {device, at, items: [[id, digest, outcome]…]}, or null when it is not one
   that `issuer` ({kid, x, y}) signed. */
export async function readReceipt(token, issuer) {
  try {
    const parts = String(token).split(".");
    const [header, body, signature] = parts.map(fromBase64);
    if (parts.length !== 3 || jsonOf(header).alg !== "ES256") return null;
    const point = joined(Uint8Array.of(4), fromBase64(issuer.x), fromBase64(issuer.y));
    const key = await crypto.subtle.importKey("raw", point, CURVE, false, ["verify"]);
    const signed = utf8(`${parts[0]}.${parts[1]}`);
    if (!(await crypto.subtle.verify(ALGORITHM, key, signature, signed))) return null;
    const said = jsonOf(body);
    const isReceipt = said.v === 1 && typeof said.device === "string" && Array.isArray(said.items);
    return isReceipt && said.items.every((entry) => Array.isArray(entry)) ? said : null;
  } catch {
    return null;
  }
}

/* Does what a receipt says hold for this very item, with one of these outcomes? */
export const covers = (said, row, outcomes) =>
  said.device === row.device &&
  said.items.some(
    ([id, digest, outcome]) => id === row.id && digest === row.digest && outcomes.includes(outcome),
  );

/* The receipts of an answer that hold, by device: {token, said}. */
export async function checkedReceipts(receipts, issuer) {
  const checked = new Map();
  for (const [code, token] of Object.entries(receipts || {})) {
    const said = issuer ? await readReceipt(token, issuer) : null;
    if (said && said.device === code) checked.set(code, { token, said });
  }
  return checked;
}
