/* The queue of sealed items: sealed on save, sent until the server has acknowledged them.

   Own items and those carried for others are sent alike, by their signatures, with no need to
   unlock. An item's sealed bytes are deleted in one case only: the server says that it keeps an
   item of this id and of this very digest. Until then they are sent again, for ever. */

import { uuid } from "./b64.js";
import { makeEnvelope, receptionKey, referenceOf } from "./envelope.js";
import { checkedReceipts, covers, readReceipt } from "./receipts.js";
import { endDraft } from "./store.js";
import { Unreached } from "./transport.js";

const BATCH = 20; // items of one request while nothing goes wrong
const BATCH_BYTES = 1024 * 1024;
const SECOND = 1000;
const FIRST_WAIT = 2 * SECOND;
const LONGEST_WAIT = 3600 * SECOND;
/* What the unit set aside is offered again once a day: it may have been released meanwhile. */
const HELD_WAIT = 24 * 3600 * SECOND;
const LATER_WAIT = 300 * SECOND; // the server has no room for this item just now
const LEASE = 90 * SECOND; // longer than one request may take
const FORGET_AFTER = 30 * 24 * 3600 * SECOND; // entries of what was received long ago
const BROKEN_AT_MOST = 2; // broken answers in a row before everything waits
export const MOST_CARRIED = 1000;
const KEPT = ["received", "duplicate"];

/* Doubling from two seconds to an hour, a quarter earlier or later, so that the phones of a
   region do not all come back in the same second. */
export function waitAfter(failures, random = Math.random) {
  const whole = Math.min(FIRST_WAIT * 2 ** Math.min(failures - 1, 20), LONGEST_WAIT);
  return whole * (0.75 + random() / 2);
}

/* Due, or further away than any wait can be: then the clock was set back since, and waiting for
   it to come round again could take years. */
const isDue = (at, now) => at <= now || at - now > 2 * HELD_WAIT;

const shown = ({ id, reference, sealed_at, state, received_at, reason, urgent }) => ({
  id, reference, sealed_at, state, received_at, reason, urgent,
});

function sendOrder(one, two) {
  if (one.urgent !== two.urgent) return two.urgent - one.urgent;
  if (one.failures !== two.failures) return one.failures - two.failures;
  return one.sealed_at - two.sealed_at || one.seq - two.seq;
}

/* The outbox of one database. `transport.post(path, value)`; `keys.sign()` gives the function
   that signs, or throws Error("locked"); `now()` in milliseconds; `exclusive(work)`: run `work`
   unless somebody else is sending. */
export class Outbox {
  #running = null;
  #heard = new Set();

  constructor({ store, transport, keys, now, random = Math.random, exclusive = null }) {
    this.openStore = store;
    this.transport = transport;
    this.keys = keys;
    this.now = now || (() => Date.now());
    this.random = random;
    this.exclusive = exclusive || ((work) => this.#leased(work));
  }

  /* --- Sealing ---------------------------------------------------------------------------- */

  /* Seal a report and keep it to be sent; the draft it came from goes in the same transaction,
     and lends the report its id, so that saving twice seals once. `identity`: null unless the
     person agrees. Throws Error: "not-enrolled", "locked", "no-key", "content: …". */
  async add(content, identity = null) {
    const store = await this.openStore();
    const sign = this.keys.sign();
    for (;;) {
      const [device, last, draft] = await store.read((on) =>
        Promise.all(["device", "sequence", "draft"].map((key) => on.get("meta", key))),
      );
      if (!device || !device.unit) throw new Error("not-enrolled");
      const facts = {
        id: draft ? draft.id : uuid(),
        device: device.device,
        seq: (last || 0) + 1,
        list: content.list || device.unit.edition || "none",
        now: this.now(),
        key: receptionKey(device.unit.keys),
        content,
        identity,
      };
      const item = await this.#sealed(store, facts, last, sign);
      if (item) {
        this.#tell();
        return shown(item);
      }
    }
  }

  /* The item once it is kept; null when another tab took the number meanwhile. */
  async #sealed(store, facts, last, sign) {
    const [{ envelope, digest }, reference] = await Promise.all([
      makeEnvelope(facts, sign),
      referenceOf(facts.id),
    ]);
    const item = {
      id: facts.id,
      device: facts.device,
      reference,
      seq: facts.seq,
      urgent: envelope.urgent,
      sealed_at: facts.now,
      digest,
      size: JSON.stringify(envelope).length,
      foreign: 0,
      state: "here",
      received_at: null,
      reason: "",
      failures: 0,
      next_at: 0,
      waiting: 1,
    };
    return store.change(async (on) => {
      const known = await on.get("items", facts.id);
      if (known) {
        await endDraft(on);
        return known;
      }
      if ((await on.get("meta", "sequence")) !== last) return null;
      await on.put("meta", facts.seq, "sequence");
      await on.put("items", item);
      await on.put("sealed", { id: facts.id, envelope });
      await endDraft(on);
      return item;
    });
  }

  /* --- What the screens show -------------------------------------------------------------- */

  /* Own items, newest first: {id, reference, sealed_at, state, received_at, reason, urgent}. */
  async list() {
    const rows = await (await this.openStore()).read((on) => on.all("items"));
    const own = rows.filter((row) => !row.foreign);
    return own.sort((one, two) => two.seq - one.seq).map(shown);
  }

  /* {here, received, read, held} of own items, and `carried`: for others, not yet received. */
  async counts() {
    const counted = { here: 0, received: 0, read: 0, held: 0, carried: 0 };
    const rows = await (await this.openStore()).read((on) => on.all("items"));
    for (const row of rows) {
      if (!row.foreign) counted[row.state] += 1;
      else if (row.waiting) counted.carried += 1;
    }
    return counted;
  }

  onChange(hear) {
    this.#heard.add(hear);
    return () => this.#heard.delete(hear);
  }

  /* `isOwn`: the change was made here, not in another tab. */
  #tell(isOwn = true) {
    for (const hear of this.#heard) hear(isOwn);
  }

  heardElsewhere() {
    this.#tell(false);
  }

  /* --- Sending ---------------------------------------------------------------------------- */

  /* Send what is due. `force`: the line is back, wait for nothing. Never throws for the line. */
  sync({ force = false } = {}) {
    if (!this.#running) {
      this.#running = this.exclusive(() => this.#run(force)).finally(() => {
        this.#running = null;
      });
    }
    return this.#running;
  }

  /* When something falls due next (milliseconds), or null when nothing waits. */
  async nextAt() {
    const [rows, pause] = await (await this.openStore()).read((on) =>
      Promise.all([on.waiting(), on.get("meta", "pause")]),
    );
    if (!rows.length) return null;
    const first = Math.min(...rows.map((row) => row.next_at));
    return pause ? Math.max(first, pause.until) : first;
  }

  async #run(force) {
    const store = await this.openStore();
    if (force) await this.#waitForNothing(store);
    const pause = await store.get("pause");
    if (pause && !isDue(pause.until, this.now())) return;
    const run = { store, broken: 0 };
    for (;;) {
      const batch = await this.#nextBatch(store);
      if (!batch.length || !(await this.#deliver(run, batch))) return;
      await this.#renewLease(store);
    }
  }

  async #waitForNothing(store) {
    await store.change(async (on) => {
      await on.remove("meta", "pause");
      for (const row of await on.waiting()) {
        if (row.next_at && row.state !== "held") await on.put("items", { ...row, next_at: 0 });
      }
    });
  }

  /* What goes together. Items that failed together go in halves, then in quarters, at last
     alone: a bad one is soon by itself and holds up nobody. */
  async #nextBatch(store) {
    const now = this.now();
    return store.read(async (on) => {
      // An item whose bytes the browser lost cannot be sent; it holds up none of the others.
      const there = new Set(await on.keys("sealed"));
      const isReady = (row) => there.has(row.id) && isDue(row.next_at, now);
      const due = (await on.waiting()).filter(isReady).sort(sendOrder);
      if (!due.length) return [];
      const { failures } = due[0];
      const most = Math.max(1, BATCH >> Math.min(failures, 5));
      const batch = [];
      let bytes = 0;
      for (const row of due) {
        if (row.failures !== failures || batch.length === most) break;
        bytes += row.size;
        if (batch.length && bytes > BATCH_BYTES) break;
        const sealed = await on.get("sealed", row.id);
        batch.push({ row, envelope: sealed.envelope });
      }
      return batch;
    });
  }

  /* True to go on with the next batch, false to stop for now. */
  async #deliver(run, batch) {
    const receipts = batch.some(({ row }) => row.foreign);
    const value = { v: 1, items: batch.map(({ envelope }) => envelope), ...(receipts && { receipts }) };
    let answer;
    try {
      answer = await this.transport.post("envelopes", value);
    } catch (problem) {
      if (!(problem instanceof Unreached)) throw problem;
      await this.#pause(run.store, null);
      return false;
    }
    const { status, body } = answer;
    if (status === 200 && body && Array.isArray(body.results)) {
      run.broken = 0;
      return this.#settle(run.store, batch, body);
    }
    if (status === 429 || status === 503) {
      await this.#pause(run.store, answer.wait);
      return false;
    }
    if (status === 400 || status === 413) return this.#oneByOne(run, batch, status);
    await this.#failed(run.store, batch, `answer-${status}`);
    run.broken += 1;
    if (run.broken < BROKEN_AT_MOST) return true;
    await this.#pause(run.store, null);
    return false;
  }

  async #oneByOne(run, batch, status) {
    if (batch.length === 1) {
      await this.#failed(run.store, batch, `answer-${status}`);
      return true;
    }
    for (const one of batch) if (!(await this.#deliver(run, [one]))) return false;
    return true;
  }

  async #pause(store, seconds) {
    await store.change(async (on) => {
      const before = await on.get("meta", "pause");
      const failures = (before ? before.failures : 0) + 1;
      const asked = seconds === null ? 0 : Math.min(seconds * SECOND, LONGEST_WAIT);
      const wait = Math.max(waitAfter(failures, this.random), asked);
      await on.put("meta", { failures, until: this.now() + wait }, "pause");
    });
  }

  async #failed(store, batch, reason) {
    await store.change(async (on) => {
      for (const { row } of batch) {
        const fresh = await on.get("items", row.id);
        if (!fresh || !fresh.waiting) continue;
        await on.put("items", this.#afterFailure(fresh, reason));
      }
    });
  }

  #afterFailure(row, reason) {
    const failures = row.failures + 1;
    return { ...row, failures, reason, next_at: this.now() + waitAfter(failures, this.random) };
  }

  /* Take what the server said about each item of a batch, in one transaction. */
  async #settle(store, batch, body) {
    const device = await store.get("device");
    const receipts = await checkedReceipts(body.receipts, device && device.issuer);
    const said = new Map(body.results.filter(Boolean).map((result) => [result.id, result]));
    await store.change(async (on) => {
      await on.remove("meta", "pause");
      for (const { row } of batch) {
        const fresh = await on.get("items", row.id);
        if (!fresh || !fresh.waiting) continue;
        const after = this.#judged(fresh, said.get(row.id), receipts.get(row.device));
        await on.put("items", after);
        if (!after.waiting) await on.remove("sealed", row.id);
      }
    });
    this.#tell();
    return true;
  }

  #judged(row, result, receipt) {
    if (!result) return this.#afterFailure(row, "no-answer");
    const isOurs = result.digest === row.digest;
    if (KEPT.includes(result.outcome)) {
      if (!isOurs) return this.#afterFailure(row, "digest");
      if (!row.foreign) return received(row, this.now());
      // The one it was carried for has to be able to check it: without a receipt, ask again.
      if (!receipt || !covers(receipt.said, row, KEPT)) return this.#afterFailure(row, "receipt");
      return { ...received(row, this.now()), receipt: receipt.token };
    }
    const later = { ...row, reason: String(result.reason || result.outcome).slice(0, 40) };
    if (result.outcome === "held" && isOurs) {
      later.state = "held";
      later.next_at = this.now() + HELD_WAIT;
      if (receipt && covers(receipt.said, row, ["held"])) later.receipt = receipt.token;
      return later;
    }
    if (result.outcome === "later") {
      later.next_at = this.now() + LATER_WAIT * (0.75 + this.random() / 2);
      return later;
    }
    return this.#afterFailure(row, "no-answer");
  }

  /* --- Only one sender at a time ----------------------------------------------------------- */

  /* For browsers without Web Locks: who sends has written its name into the database. Two that
     send at once do no harm, for the server keeps the first; this only saves the line. */
  async #leased(work) {
    this.name ||= uuid();
    const store = await this.openStore();
    const isOurs = await store.change(async (on) => {
      const lease = await on.get("meta", "lease");
      const taken = lease && lease.owner !== this.name && !isDue(lease.until, this.now());
      if (taken && lease.until - this.now() <= LEASE) return false;
      await on.put("meta", { owner: this.name, until: this.now() + LEASE }, "lease");
      return true;
    });
    if (!isOurs) return;
    try {
      await work();
    } finally {
      await store.remove("lease").catch(() => {});
    }
  }

  async #renewLease(store) {
    if (!this.name) return;
    await store.set("lease", { owner: this.name, until: this.now() + LEASE });
  }

  /* --- Carried for others, and what comes back ---------------------------------------------- */

  /* Keep envelopes of others to be sent: [{envelope, digest}]. Gives how many are new; what is
     known already, or too much, is left out. */
  async carry(found) {
    const references = await Promise.all(found.map(({ envelope }) => referenceOf(envelope.id)));
    const store = await this.openStore();
    const added = await store.change(async (on) => {
      let carried = (await on.waiting()).filter((row) => row.foreign).length;
      let fresh = 0;
      for (const [at, { envelope, digest }] of found.entries()) {
        if (carried >= MOST_CARRIED || (await on.get("items", envelope.id))) continue;
        await on.put("items", {
          id: envelope.id, device: envelope.device, reference: references[at], seq: envelope.seq,
          urgent: envelope.urgent, sealed_at: this.now(), digest, foreign: 1, state: "here",
          size: JSON.stringify(envelope).length, received_at: null, reason: "", failures: 0,
          next_at: 0, waiting: 1,
        });
        await on.put("sealed", { id: envelope.id, envelope });
        carried += 1;
        fresh += 1;
      }
      return fresh;
    });
    this.#tell();
    return added;
  }

  /* Take receipts that a courier brought. Only what the pinned key signed, for an own item of the
     same device and digest, changes anything. Gives how many items did. */
  async acceptReceipts(tokens) {
    const store = await this.openStore();
    const device = await store.get("device");
    if (!device || !device.issuer) return 0;
    const read = await Promise.all(tokens.map((token) => readReceipt(token, device.issuer)));
    const said = read.filter(Boolean);
    const changed = await store.change(async (on) => {
      let count = 0;
      for (const [receipt, entry] of said.flatMap((one) => one.items.map((each) => [one, each]))) {
        const row = await on.get("items", String(entry[0]));
        if (!row || row.foreign || !row.waiting) continue;
        if (covers(receipt, row, KEPT)) {
          await on.put("items", received(row, this.now()));
          await on.remove("sealed", row.id);
          count += 1;
        } else if (covers(receipt, row, ["held"]) && row.state === "here") {
          await on.put("items", { ...row, state: "held", next_at: this.now() + HELD_WAIT });
          count += 1;
        }
      }
      return count;
    });
    this.#tell();
    return changed;
  }

  /* What a courier takes along: sealed items (all that wait, or those of `ids`) and receipts. */
  async toCarry(ids = null) {
    return (await this.openStore()).read(async (on) => {
      const waiting = (await on.waiting()).sort(sendOrder);
      const chosen = waiting.filter((row) => !ids || ids.includes(row.id));
      const sealed = await Promise.all(chosen.map((row) => on.get("sealed", row.id)));
      const rows = await on.all("items");
      const receipts = new Set(rows.map((row) => row.receipt).filter(Boolean));
      return { envelopes: sealed.map((one) => one.envelope), receipts: [...receipts] };
    });
  }

  /* What the unit says of earlier items ({id: "received" | "held" | "read" | "unknown"}). It names
     no digest, so it deletes nothing: what it says of an item that waits makes that one due. */
  async told(items) {
    const store = await this.openStore();
    await store.change(async (on) => {
      for (const [id, word] of Object.entries(items || {})) {
        const row = await on.get("items", id);
        if (!row || row.foreign) continue;
        if (row.waiting) {
          if (word !== "held") await on.put("items", { ...row, next_at: 0 });
        } else if (word === "read" && row.state === "received") {
          await on.put("items", { ...row, state: "read" });
        }
      }
    });
    this.#tell();
  }

  /* Ids to ask the unit about: what it has, and has not said to have read. */
  async toAsk(most = 200) {
    const rows = await (await this.openStore()).read((on) => on.all("items"));
    const asked = rows.filter((row) => !row.foreign && ["received", "held"].includes(row.state));
    return asked.sort((one, two) => two.seq - one.seq).slice(0, most).map((row) => row.id);
  }

  /* Entries of what was received a month ago serve nobody but a finder of the phone. */
  async forgetOld() {
    const store = await this.openStore();
    await store.change(async (on) => {
      for (const row of await on.all("items")) {
        const isOld = row.received_at && this.now() - row.received_at > FORGET_AFTER;
        if (isOld && !row.waiting) await on.remove("items", row.id);
      }
    });
  }
}

const received = (row, now) => {
  const { waiting: _gone, ...rest } = row;
  return { ...rest, state: "received", received_at: now, reason: "", next_at: 0 };
};
