/* A server in memory for the tests: it keeps what it acknowledged, and opens it at the end. */

import { fromBase64, jsonOf, toBase64, utf8 } from "/field/app/b64.js";
import { digestOf, headerText, keyName } from "/field/app/envelope.js";
import { open } from "/field/app/hpke.js";

const AGREEMENT = { name: "ECDH", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", namedCurve: "P-256" };
const ALGORITHM = { name: "ECDSA", hash: "SHA-256" };

/* A key that signs receipts, as {kid, x, y} and the function that signs them. */
export async function issuing() {
  const pair = await crypto.subtle.generateKey(SIGNING, true, ["sign", "verify"]);
  const { x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const part = (value) => toBase64(utf8(JSON.stringify(value)));
  const receipt = async (said) => {
    const message = `${part({ alg: "ES256", typ: "cairn-receipt", kid: "k" })}.${part(said)}`;
    const signature = await crypto.subtle.sign(ALGORITHM, pair.privateKey, utf8(message));
    return `${message}.${toBase64(new Uint8Array(signature))}`;
  };
  return { issuer: { kid: "k", x, y }, receipt };
}

export class ModelServer {
  static async make() {
    const server = new ModelServer();
    server.pair = await crypto.subtle.generateKey(AGREEMENT, true, ["deriveBits"]);
    const raw = new Uint8Array(await crypto.subtle.exportKey("raw", server.pair.publicKey));
    server.key = { id: await keyName(raw), public: toBase64(raw), not_after: "2099-01-01" };
    Object.assign(server, await issuing());
    server.kept = new Map(); // id -> {digest, envelope}
    server.held = new Map();
    server.numbers = new Map(); // device and number -> id
    server.digests = new Map();
    server.clashes = [];
    return server;
  }

  unit(facts = {}) {
    return {
      name: "Invented unit", keys: [this.key], areas: [], emergency: [], recipients: [],
      mandatory_reporting: "", edition: "2026-1", restricted_note: "", ...facts,
    };
  }

  device(code, facts = {}) {
    return { device: code, state: "ready", issuer: this.issuer, unit: this.unit(), ...facts };
  }

  async digest(envelope) {
    const text = JSON.stringify(envelope);
    if (!this.digests.has(text)) this.digests.set(text, await digestOf(envelope));
    return this.digests.get(text);
  }

  /* All of a batch or nothing: the change is made in one go, after everything was looked at.
     `choose(envelope)`: "" to keep it, else "held" or "later". */
  async receive(items, choose = () => "") {
    const digests = await Promise.all(items.map((envelope) => this.digest(envelope)));
    return items.map((envelope, at) => {
      const digest = digests[at];
      const { id } = envelope;
      const known = this.kept.get(id);
      const number = `${envelope.device}/${envelope.seq}`;
      if (known && known.digest === digest) return { id, outcome: "duplicate", digest, reason: "" };
      if (known || (this.numbers.get(number) || id) !== id) {
        this.clashes.push(number);
        return { id, outcome: "held", digest, reason: "replayed" };
      }
      const choice = this.held.has(id) ? "held" : choose(envelope);
      if (choice === "later") return { id, outcome: "later", digest, reason: "limit" };
      this.numbers.set(number, id);
      if (choice === "held") {
        this.held.set(id, { digest, envelope });
        return { id, outcome: "held", digest, reason: "future-date" };
      }
      this.kept.set(id, { digest, envelope });
      return { id, outcome: "received", digest, reason: "" };
    });
  }

  release() {
    for (const [id, one] of this.held) this.kept.set(id, one);
    this.held.clear();
  }

  async receipts(items, results) {
    const devices = new Map();
    results.forEach(({ id, digest, outcome }, at) => {
      if (outcome === "later") return;
      const { device } = items[at];
      devices.set(device, [...(devices.get(device) || []), [id, digest, outcome]]);
    });
    const signed = {};
    for (const [device, entries] of devices) {
      signed[device] = await this.receipt({ v: 1, device, at: "2026-11-22T06:00:00Z", items: entries });
    }
    return signed;
  }

  async answer(value, choose) {
    const results = await this.receive(value.items, choose);
    const body = { v: 1, results };
    if (value.receipts) body.receipts = await this.receipts(value.items, results);
    return { status: 200, body, wait: null };
  }

  /* The content of a report that was kept. */
  async opened(envelope) {
    const info = utf8(`${headerText(envelope)}\ncontent`);
    return jsonOf(await open(this.pair, fromBase64(envelope.content), info));
  }
}

