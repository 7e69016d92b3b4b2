/* The app's own outbox, vault and courier against a server in memory, in place of the network. */

import * as courier from "/field/app/courier.js";
import * as enrol from "/field/app/enrol.js";
import * as outbox from "/field/app/outbox.js";
import * as contacts from "/field/app/contact.js";
import * as stores from "/field/app/store.js";
import * as vaultkeys from "/field/app/vaultkeys.js";
import { Outbox } from "/field/app/queue.js";
import { openStore } from "/field/app/store.js";
import { issuing, ModelServer } from "./server.js";

const CONTENT = { v: 1, danger: "no", age: "adult", outcome: "refer" };
const SOON = "2099-01-01T00:00:00Z";

/* What the server answers is said here, by path: a function of the body, or a status. */
const says = {};
let asked = [];
const offered = new Map();
let server = null;

const json = (status, body, headers = {}) =>
  new Response(body === null ? "<p>portal</p>" : JSON.stringify(body), {
    status,
    headers: { "Content-Type": body === null ? "text/html" : "application/json", ...headers },
  });

async function fetched(address, { body, credentials }) {
  const path = String(address).replace("/field/api/", "");
  const value = JSON.parse(body);
  asked.push({ path, value, credentials });
  if (path === "enrol") offered.set(value.code, (offered.get(value.code) || new Set()).add(value.public));
  const say = says[path];
  if (say === undefined) throw new TypeError("no line");
  if (typeof say === "number") return json(say, { reason: "no" });
  const { status, body: answer } = await say(value);
  return json(status, answer);
}

export const answerEnrol = ({ valid_until = SOON }) => {
  says.enrol = () => ({
    status: 200,
    body: {
      device: "K7Q-M4R", profile: "police", organisation: "Invented", area: "north", valid_until,
      issuer: server.issuer, unit: server.unit(),
    },
  });
};

/* Begin: an unlocked, enrolled phone whose requests are answered from memory. */
export async function begin({ emergency = "", valid_until = SOON } = {}) {
  server = await ModelServer.make();
  window.fetch = fetched;
  await vaultkeys.setUp("an invented phrase", emergency);
  answerEnrol({ valid_until });
  await enrol.enrol("abcd efgh jkmn");
  await stores.meta.set("directory", { as_of: "2026-11-20T00:00:00Z", points: [{ code: "A" }] });
  asked = [];
}

export const answerKept = () => {
  says.envelopes = (value) => server.answer(value);
};
export const answerWith = ({ path = "envelopes", status }) => {
  says[path] = status;
};
export const noLine = () => {
  delete says.envelopes;
};
export const answerText = () => {
  says.envelopes = () => ({ status: 200, body: null });
};
/* Refuses batches with more than one item, and always the item number `bad`. */
export const answerSingles = ({ status, bad }) => {
  says.envelopes = (value) =>
    value.items.length > 1 || value.items[0].seq === bad
      ? { status, body: {} }
      : server.answer(value);
};
export const answerHeld = () => {
  says.envelopes = (value) => server.answer(value, () => "held");
};
export const answerWrongDigest = () => {
  says.envelopes = async (value) => {
    const { status, body } = await server.answer(value);
    const results = body.results.map((one) => ({ ...one, digest: "0" }));
    return { status, body: { ...body, results } };
  };
};
export const release = () => server.release();
export const posts = () => asked.map(({ path, value, credentials }) => ({
  path, credentials, items: (value.items || []).map((item) => item.seq), receipts: value.receipts,
}));
export const forgetPosts = () => {
  asked = [];
};
export const atServer = () => [...server.kept.values()].map(({ envelope }) => envelope.seq).sort((a, b) => a - b);

export const seal = async (notes) => {
  for (const note of notes) await outbox.realOutbox.add({ ...CONTENT, note });
};
export const send = async (force = true) => {
  await outbox.realOutbox.sync({ force });
  return outbox.realOutbox.counts();
};
export const sealedLeft = async () =>
  (await (await stores.real()).read((on) => on.all("sealed"))).length;

/* Two tabs seal and send at the same moment, over connections of their own. */
export async function twoTabs() {
  const boxes = [];
  for (let tab = 0; tab < 2; tab += 1) {
    const store = await openStore(stores.REAL);
    const keys = { sign: () => vaultkeysSign() };
    const transport = {
      post: async (path, value) => {
        const answer = await fetched(path, { body: JSON.stringify(value) });
        return { status: 200, body: await answer.json(), wait: null };
      },
    };
    boxes.push(new Outbox({ store: async () => store, transport, keys }));
  }
  await Promise.all(boxes.flatMap((box) => [1, 2, 3].map(() => box.add(CONTENT))));
  await Promise.all(boxes.map((box) => box.sync()));
  const rows = await (await stores.real()).read((on) => on.all("items"));
  return { numbers: rows.map((row) => row.seq).sort(), counts: await boxes[1].counts() };
}

const vaultkeysSign = () => async (bytes) =>
  new Uint8Array(
    await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, vaultkeys.signingKey(), bytes),
  );

/* Saving once more after sealing, and sealing the same draft twice. */
export async function draftThenSeal() {
  await stores.saveDraft({ step: 3, content: CONTENT });
  const late = stores.saveDraft({ step: 4, content: CONTENT });
  const twice = await Promise.all([outbox.realOutbox.add(CONTENT), outbox.realOutbox.add(CONTENT)]);
  await late;
  return {
    draft: await stores.loadDraft(),
    items: (await outbox.list()).length,
    ids: new Set(twice.map((one) => one.id)).size,
  };
}

/* --- Contact -------------------------------------------------------------------------------- */

export async function contactAnswers({ kind, unsafe = false }) {
  const unit = server.unit({ name: "Renamed unit" });
  const news = {
    revoked: false, now: "2026-11-22T06:00:00Z", valid_until: SOON, unit, items: {},
    directory: { as_of: "2026-11-22", points: [] }, pack: "1",
  };
  let times = 0;
  says.contact = () => {
    times += 1;
    if (kind === "revoked") return { status: 200, body: { revoked: true } };
    if (kind === "expired") return { status: 403, body: { reason: "expired" } };
    if (kind === "clock" && times === 1) return { status: 409, body: { now: "2026-11-22T06:00:00Z" } };
    return { status: 200, body: news };
  };
  if (kind === "offline") delete says.contact;
  const result = await contacts.contact({ unsafe });
  const sent = asked.filter(({ path }) => path === "contact").map(({ value }) => value);
  return { ...result, sent, waits: await contacts.unsafeWaits(), unit: await contacts.unit() };
}

/* --- Courier ---------------------------------------------------------------------------------- */

export const exported = async () => (await courier.exportFile()).text();
export const imported = (text) => courier.importFile(new Blob([text]));
export const frames = async () =>
  (await courier.qrFrames()).map(({ text, rows }) => ({ text, size: rows.length }));
export async function scanned(texts) {
  const collector = new courier.Collector();
  const seen = texts.map((text) => collector.see(text));
  return { seen, progress: collector.progress, result: await collector.finish() };
}

export const issuerOf = () => server.issuer;

/* Pin the key of another installation's model, as if both phones were enrolled there. */
export const useIssuer = async (issuer) => {
  const device = await stores.meta.get("device");
  await stores.meta.set("device", { ...device, issuer });
};

/* Receipts about the first waiting item: signed by the right key or by another. */
export async function receiptsFor({ byForger, device, digest }) {
  const [row] = await (await stores.real()).read((on) => on.waiting());
  const signer = byForger ? await issuing() : server;
  const entry = [row.id, digest || row.digest, "received"];
  const token = await signer.receipt({ v: 1, device: device || row.device, at: "", items: [entry] });
  return JSON.stringify({ receipt: token });
}

/* What would happen if something were kept in clear. */
export const keepPlain = (text) => stores.meta.set("plain", { text });

/* The two slots of the passphrases, as they are kept. */
export const slots = async () => (await stores.meta.get("lock")).slots;

/* An item of practice as a file would carry it. */
export async function practised() {
  const { makeEnvelope, signWith } = await import("/field/app/envelope.js");
  const training = await import("/field/app/training.js");
  const device = await stores.meta.get("device");
  const facts = {
    id: crypto.randomUUID(), device: device.device, seq: 1, list: "2026-1", now: Date.now(),
    key: device.unit.keys[0], content: CONTENT, identity: null,
  };
  const { envelope } = await makeEnvelope(facts, signWith(training.signingKey()));
  return JSON.stringify({ item: envelope });
}

/* How many different keys were offered with each code. */
export const firstEnrolKeys = () => Object.fromEntries([...offered].map(([code, keys]) => [code, keys.size]));
