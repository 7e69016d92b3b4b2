/* Thousands of interruptions against the real queue and the real database of the browser.

   Phones in groups of three (two and a courier) seal, send and die: a process that dies loses its
   memory, its open transactions are aborted, its connection is closed, and whatever it awaited
   never comes. Requests and answers are lost, doubled, held up and spoilt on the way. Clocks jump.
   Everything is drawn from one seed. */

import { digestOf } from "/field/app/envelope.js";
import { Outbox } from "/field/app/queue.js";
import { openStore } from "/field/app/store.js";
import { Unreached } from "/field/app/transport.js";
import { issuing, ModelServer } from "./server.js";

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const YEAR = 365 * 24 * HOUR;
const START = Date.UTC(2026, 10, 22, 6);
const MOST_WAITING = 8; // items on a phone before its officer stops to make more
const ALGORITHM = { name: "ECDSA", hash: "SHA-256" };
const never = () => new Promise(() => {});

/* A small generator with a seed (Mulberry32). */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class World {
  constructor(server, forger, seed, target) {
    Object.assign(this, { server, forger, target, calm: false });
    this.random = seeded(seed);
    this.counted = {};
    this.total = 0;
    this.late = []; // requests that arrive some time later
    this.wrongs = [];
  }

  chance(share) {
    return !this.calm && this.random() < share;
  }

  note(kind) {
    this.counted[kind] = (this.counted[kind] || 0) + 1;
    this.total += 1;
  }

  /* What becomes of one request. */
  async carry(value) {
    const { server } = this;
    const arrive = () => server.answer(value, () => this.choice());
    if (this.late.length && this.chance(0.5)) await this.late.shift()();
    if (this.calm || this.random() < 0.35) return arrive();
    const fates = Object.keys(FATES);
    const fate = fates[Math.floor(this.random() * fates.length)];
    this.note(fate);
    return FATES[fate](this, arrive, value);
  }

  choice() {
    if (this.chance(0.03)) return "later";
    return this.chance(0.02) ? "held" : "";
  }
}

const answered = (status, wait = null) => ({ status, body: null, wait });
const unreached = () => Promise.reject(new Unreached("unreached"));

const FATES = {
  "request lost": unreached,
  "answer lost": async (world, arrive) => {
    await arrive();
    return unreached();
  },
  "request doubled": async (world, arrive) => {
    await arrive();
    return arrive();
  },
  "request held up": (world, arrive) => {
    world.late.push(arrive);
    return unreached();
  },
  "server killed before the commit": () => unreached(),
  "server broken before the commit": async () => answered(500),
  "server broken after the commit": async (world, arrive) => {
    await arrive();
    return answered(500);
  },
  "too large": async (world, arrive, value) => (value.items.length > 2 ? answered(413) : arrive()),
  "too often": async () => answered(429, 3),
  "under repair": async () => answered(503, 60),
  "page of a portal": async () => answered(200),
  "half an answer": async (world, _arrive, value) => {
    // What is not named in the answer was not kept.
    const items = value.items.filter(() => world.random() < 0.5).reverse();
    return world.server.answer({ ...value, items });
  },
  "wrong digests": async (world, arrive) => {
    const answer = await arrive();
    const results = answer.body.results.map((one) => ({ ...one, digest: "0".repeat(64) }));
    return { ...answer, body: { ...answer.body, results } };
  },
  "answer of somebody else": async (world, arrive) => {
    const answer = await arrive();
    const results = answer.body.results.map((one) => ({ ...one, id: crypto.randomUUID() }));
    return { ...answer, body: { v: 1, results: [...results, null] } };
  },
  "no receipts": async (world, arrive) => {
    const answer = await arrive();
    return { ...answer, body: { ...answer.body, receipts: {} } };
  },
};

/* One run of the app on a phone, from its start to its death. */
class Life {
  constructor(world, phone) {
    Object.assign(this, { world, phone, isDead: false, running: new Set() });
    this.dead = new Promise((resolve) => {
      this.tellDead = resolve;
    });
  }

  async start() {
    const tabs = this.world.chance(0.15) ? 2 : 1;
    this.boxes = [];
    for (let tab = 0; tab < tabs; tab += 1) this.boxes.push(await this.tab());
    return this;
  }

  async tab() {
    const store = await openStore(this.phone.name);
    this.grip(store.db);
    const { phone, world } = this;
    return new Outbox({
      store: async () => store,
      transport: { post: (path, value) => this.post(value) },
      keys: { sign: () => (bytes) => this.signed(bytes) },
      now: () => phone.clock,
      random: world.random,
    });
  }

  /* The database of this run: its transactions may be the last thing that happens. */
  grip(db) {
    (this.databases ||= []).push(db);
    const begin = db.transaction.bind(db);
    db.transaction = (...given) => {
      const { world } = this;
      if (world.chance(0.05)) this.die("died before a change");
      const transaction = begin(...given);
      this.running.add(transaction);
      transaction.addEventListener("complete", () => {
        this.running.delete(transaction);
        if (world.chance(0.05)) this.die("died after a change");
      });
      transaction.addEventListener("abort", () => this.running.delete(transaction));
      if (world.chance(0.05)) this.dieSoon();
      return transaction;
    };
  }

  async dieSoon() {
    const turns = Math.floor(this.world.random() * 12);
    for (let turn = 0; turn < turns; turn += 1) await null;
    this.die("died within a change");
  }

  die(kind) {
    if (this.isDead) return;
    this.isDead = true;
    this.world.note(kind);
    for (const transaction of this.running) {
      try {
        transaction.abort();
      } catch {
        // It was committed a moment before.
      }
    }
    for (const db of this.databases) db.close();
    this.tellDead();
  }

  end() {
    this.isDead = true;
    for (const db of this.databases) db.close();
  }

  async signed(bytes) {
    if (this.world.chance(0.08)) this.die("died while sealing");
    if (this.isDead) return never();
    const signature = await crypto.subtle.sign(ALGORITHM, this.phone.key.privateKey, bytes);
    return this.isDead ? never() : new Uint8Array(signature);
  }

  async post(value) {
    const { world, phone } = this;
    if (world.chance(0.08)) this.die("died before sending");
    if (this.isDead) return never();
    if (phone.offline) throw new Unreached("unreached");
    // As a real request it is a copy: the server holds nothing of the phone's memory.
    const copy = JSON.parse(JSON.stringify(value));
    const answer = await world.carry(copy);
    if (world.chance(0.08)) this.die("died before the answer came");
    return this.isDead ? never() : answer;
  }
}

class Phone {
  static async make(world, group, number) {
    const phone = new Phone();
    const code = `${group}${number}`.padEnd(6, "X");
    Object.assign(phone, { world, name: `phone-${group}-${number}`, offline: false });
    phone.code = `${code.slice(0, 3)}-${code.slice(3)}`;
    phone.clock = START + (number - 1) * YEAR; // one is right, one a year behind, one ahead
    const curve = { name: "ECDSA", namedCurve: "P-256" };
    phone.key = await crypto.subtle.generateKey(curve, false, ["sign", "verify"]);
    const store = await openStore(phone.name);
    await store.set("device", world.server.device(phone.code));
    store.close();
    return phone;
  }

  async live() {
    const { world } = this;
    while (world.total < world.target) {
      const life = new Life(world, this);
      const started = await Promise.race([life.start(), life.dead]);
      if (!started) continue;
      this.life = life;
      await Promise.race([life.dead, this.session(life)]);
      if (!life.isDead) life.end();
    }
  }

  async session(life) {
    const { world } = this;
    while (!life.isDead && world.total < world.target) {
      this.clock += Math.floor(world.random() * HOUR);
      const deed = DEEDS[Math.floor(world.random() * DEEDS.length)];
      try {
        await this[deed](life);
      } catch (problem) {
        // A dead process knows nothing of its failures; anybody else's would be a defect.
        if (life.isDead) return;
        if (!String(problem).includes("abort")) world.wrongs.push(`${deed}: ${problem}`);
        return;
      }
    }
  }

  /* The officer finishes the draft that is there, or begins one. What is not in the list of
     items was not sealed, and is sealed again. */
  async report(life) {
    const [box] = life.boxes;
    const store = await box.openStore();
    const made = await box.list();
    if (made.filter((item) => item.state === "here").length > MOST_WAITING) return;
    if (!(await store.get("draft"))) {
      await store.set("draft", { id: crypto.randomUUID(), iv: "", box: "", saved_at: this.clock });
    }
    const danger = this.world.random() < 0.2 ? "now" : "no";
    const note = `${this.name}/${made.length + 1}`;
    await box.add({ v: 1, danger, age: "adult", outcome: "refer", note });
  }

  sync(life) {
    return Promise.all(life.boxes.map((box) => box.sync()));
  }

  async wait(life) {
    this.clock += Math.floor(this.world.random() * 3 * HOUR);
    await this.sync(life);
  }

  async force(life) {
    await life.boxes[0].sync({ force: true });
  }

  async flip() {
    this.offline = !this.offline;
    this.world.note("line gone or back");
  }

  async jump() {
    if (!this.world.chance(0.2)) return;
    this.clock = START + Math.floor((this.world.random() - 0.5) * 6 * YEAR);
    this.world.note("clock jumped");
  }

  reload(life) {
    if (this.world.chance(0.5)) life.die("ended by hand");
  }

  /* A colleague takes items along, and brings receipts of earlier ones. */
  async meet(life) {
    const other = this.group[Math.floor(this.world.random() * this.group.length)];
    if (other === this || !other.life || other.life.isDead) return;
    const taken = JSON.parse(JSON.stringify(await life.boxes[0].toCarry()));
    const found = await Promise.all(
      taken.envelopes.map(async (envelope) => ({ envelope, digest: await digestOf(envelope) })),
    );
    const theirs = other.life;
    const given = theirs.boxes[0].carry(found).then(() => theirs.boxes[0].toCarry());
    const back = await Promise.race([given.catch(() => null), theirs.dead, life.dead]);
    if (back && !life.isDead) await life.boxes[0].acceptReceipts(back.receipts);
  }

  /* Receipts that somebody made up confirm nothing. */
  async forgery(life) {
    if (!this.world.chance(0.1)) return;
    const rows = await (await life.boxes[0].openStore()).read((on) => on.waiting());
    if (!rows.length) return;
    const { server, forger } = this.world;
    const row = rows[0];
    const said = (device, digest) => ({ v: 1, device, at: "", items: [[row.id, digest, "received"]] });
    const forged = [
      await forger.receipt(said(row.device, row.digest)),
      await server.receipt(said("ZZZ-ZZZ", row.digest)),
      await server.receipt(said(row.device, "0".repeat(64))),
      "a.b.c",
    ];
    const changed = await life.boxes[0].acceptReceipts(forged);
    if (changed) this.world.wrongs.push("a forged receipt was believed");
  }

  async contact(life) {
    if (!this.world.chance(0.2)) return;
    const { server } = this.world;
    const ids = await life.boxes[0].toAsk();
    const word = (id) => (server.kept.has(id) ? "received" : "held");
    await life.boxes[0].told(Object.fromEntries(ids.map((id) => [id, word(id)])));
  }
}

const DEEDS = [
  "report", "report", "sync", "sync", "sync", "wait", "force", "sync", "force", "flip", "jump", "reload", "meet", "forgery",
  "contact",
];

async function groupOf(world, group) {
  const phones = await Promise.all([0, 1, 2].map((number) => Phone.make(world, group, number)));
  for (const phone of phones) phone.group = phones;
  return phones;
}

/* Quiet at last: everybody has a line, and time goes by. */
async function calmDown(world, phones) {
  world.calm = true;
  for (const arrive of world.late) await arrive();
  world.server.release();
  for (const phone of phones) {
    phone.offline = false;
    const life = await new Life(world, phone).start();
    const [box] = life.boxes;
    for (let round = 0; round < 40 && (await box.nextAt()) !== null; round += 1) {
      phone.clock += 25 * HOUR;
      await box.sync({ force: true });
    }
    phone.counts = await box.counts();
    const store = await box.openStore();
    phone.left = await store.read((on) => on.all("sealed"));
    phone.items = (await store.read((on) => on.all("items"))).filter((row) => !row.foreign);
    life.end();
  }
}

async function verdict(world, phones) {
  const { server } = world;
  const notes = new Map();
  for (const { envelope } of server.kept.values()) {
    const { note } = await server.opened(envelope);
    notes.set(note, (notes.get(note) || 0) + 1);
  }
  const items = phones.flatMap((phone) => phone.items);
  const expected = phones.flatMap((phone) =>
    phone.items.map((_item, at) => `${phone.name}/${at + 1}`),
  );
  return {
    total: world.total,
    counted: world.counted,
    sealed: items.length,
    kept: server.kept.size,
    missing: expected.filter((note) => !notes.has(note)).length,
    doubled: [...notes.values()].filter((times) => times !== 1).length,
    digests: items.every((item) => server.kept.get(item.id)?.digest === item.digest),
    received: items.filter((item) => item.state === "received").length,
    leftOver: phones.reduce((sum, phone) => sum + phone.left.length, 0),
    gaps: phones.filter(({ items: own }) => own.some((item) => item.seq > own.length)).length,
    clashes: server.clashes.length,
    wrongs: [...new Set(world.wrongs)],
  };
}

export async function simulate({ seed, target, groups }) {
  const world = new World(await ModelServer.make(), await issuing(), seed, target);
  const made = await Promise.all(
    Array.from({ length: groups }, (_, group) => groupOf(world, "ACDEFGHJ"[group])),
  );
  const phones = made.flat();
  const start = performance.now();
  await Promise.all(phones.map((phone) => phone.live()));
  await calmDown(world, phones);
  return { ...(await verdict(world, phones)), seconds: (performance.now() - start) / 1000 };
}
