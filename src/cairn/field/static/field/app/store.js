/* What the phone keeps: one database for the app, one of the same shape for practice.

   Each change is one transaction: it happened wholly or not at all, whenever the phone dies.
   Of a report only three things are ever written: a draft under a key that the passphrase
   opens, the sealed envelope, and what the list of items shows (reference, time, state). */

import { fromBase64, jsonOf, random, toBase64, utf8, uuid } from "./b64.js";

// Names that say nothing to somebody who looks through the phone.
export const REAL = "notes";
export const PRACTICE = "notes-2";
const MARK = "notes";
const SHAPE = 1;

/* "Seal or die": how long an untouched draft lives (study of field work, part f). */
export const DRAFT_LIFE = 30 * 60 * 1000;
/* Free room below which the app warns: about two thousand reports. */
export const LOW_ROOM = 5 * 1024 * 1024;

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function shape(db) {
  for (const name of ["meta", "packs"]) db.createObjectStore(name);
  db.createObjectStore("sealed", { keyPath: "id" });
  // `waiting` is 1 while the item has to be sent; rows without it are not in the index.
  db.createObjectStore("items", { keyPath: "id" }).createIndex("waiting", "waiting");
}

/* The stores of one transaction, with promises in the place of requests. Only these may be
   awaited inside it: a transaction ends by itself when it waits for anything else. */
function shelves(transaction) {
  const shelf = (name) => transaction.objectStore(name);
  return {
    get: (name, key) => settled(shelf(name).get(key)),
    all: (name) => settled(shelf(name).getAll()),
    keys: (name) => settled(shelf(name).getAllKeys()),
    waiting: () => settled(shelf("items").index("waiting").getAll(1)),
    put: (name, value, key) => settled(shelf(name).put(value, key)),
    remove: (name, key) => settled(shelf(name).delete(key)),
    clear: (name) => settled(shelf(name).clear()),
  };
}

export class Store {
  constructor(db) {
    this.db = db;
    // Another tab opens a newer shape: let go, so that its update is not held up for ever.
    db.onversionchange = () => db.close();
  }

  async #within(mode, work) {
    const names = ["meta", "items", "sealed", "packs"];
    const transaction = this.db.transaction(names, mode, { durability: "strict" });
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error || new Error("aborted"));
    });
    let result;
    try {
      result = await work(shelves(transaction));
    } catch (problem) {
      ended.catch(() => {});
      try {
        transaction.abort();
      } catch {
        // It was over already.
      }
      throw problem;
    }
    await ended;
    return result;
  }

  /* Run `work(shelves)` in one transaction; its result is given after the commit. */
  change(work) {
    return this.#within("readwrite", work);
  }

  read(work) {
    return this.#within("readonly", work);
  }

  get(key) {
    return this.read((on) => on.get("meta", key));
  }

  set(key, value) {
    return this.change((on) => on.put("meta", value, key));
  }

  remove(key) {
    return this.change((on) => on.remove("meta", key));
  }

  close() {
    this.db.close();
  }
}

/* Open a database by name, made in its shape when it is new. */
export function openStore(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, SHAPE);
    request.onupgradeneeded = () => shape(request.result);
    request.onsuccess = () => resolve(new Store(request.result));
    request.onerror = () => reject(request.error);
  });
}

/* --- The app's own two -------------------------------------------------------------------- */

const opened = new Map();
let inUse = REAL;
const draftKeys = new Map();

export function named(name) {
  if (!opened.has(name)) {
    const opening = openStore(name).then((store) => {
      const forget = () => opened.delete(name);
      store.db.addEventListener("close", forget);
      store.db.addEventListener("versionchange", forget);
      return store;
    });
    // A failed opening is tried anew by the next who asks.
    opening.catch(() => opened.delete(name));
    opened.set(name, opening);
  }
  return opened.get(name);
}

export const real = () => named(REAL);
export const practice = () => named(PRACTICE);
export const current = () => named(inUse);
export const inPractice = () => inUse === PRACTICE;
export const use = (name) => {
  inUse = name;
};

export const meta = {
  get: async (key) => (await current()).get(key),
  set: async (key, value) => (await current()).set(key, value),
};

/* --- Drafts ------------------------------------------------------------------------------- */

/* Given by the vault while it is open, and taken away (null) when it locks. */
export const useDraftKey = (name, key) => draftKeys.set(name, key);

function draftKey() {
  const key = draftKeys.get(inUse);
  if (!key) throw new Error("locked");
  return key;
}

/* A clock that ran backwards counts as time gone by: the safe side is to let the draft go. */
const isDead = (draft, now) => Math.abs(now - draft.saved_at) > DRAFT_LIFE;

/* Keep `draft` (an object of JSON) under the passphrase. A save that began before the report was
   sealed comes too late and writes nothing. Throws Error("locked"). */
export async function saveDraft(draft) {
  const store = await current();
  const key = draftKey();
  const [round, before] = await store.read((on) =>
    Promise.all([on.get("meta", "round"), on.get("meta", "draft")]),
  );
  const iv = random(12);
  const algorithm = { name: "AES-GCM", iv };
  const box = await crypto.subtle.encrypt(algorithm, key, utf8(JSON.stringify(draft)));
  await store.change(async (on) => {
    if ((await on.get("meta", "round")) !== round) return;
    const id = before ? before.id : uuid();
    const row = { id, iv: toBase64(iv), box: toBase64(new Uint8Array(box)), saved_at: Date.now() };
    await on.put("meta", row, "draft");
  });
}

/* The draft as it was saved, with `saved_at` and `expires_at` (ISO); null when there is none or
   its time is over. Throws Error("locked"). */
export async function loadDraft() {
  await dropDeadDraft();
  const row = await (await current()).get("draft");
  if (!row) return null;
  const algorithm = { name: "AES-GCM", iv: fromBase64(row.iv) };
  const key = draftKey();
  try {
    const plain = await crypto.subtle.decrypt(algorithm, key, fromBase64(row.box));
    return {
      ...jsonOf(new Uint8Array(plain)),
      saved_at: new Date(row.saved_at).toISOString(),
      expires_at: new Date(row.saved_at + DRAFT_LIFE).toISOString(),
    };
  } catch {
    // Written under a key that is gone (practice keys live as long as the page).
    await dropDraft();
    return null;
  }
}

export async function dropDraft() {
  const store = await current();
  await store.change((on) => endDraft(on));
}

/* Inside a transaction: the draft goes, and saves of it that are under way come too late. */
export async function endDraft(on) {
  await on.remove("meta", "draft");
  await on.put("meta", uuid(), "round");
}

/* When the draft dies (milliseconds), or null when there is none. */
export async function draftExpiresAt() {
  const row = await (await current()).get("draft");
  return row ? row.saved_at + DRAFT_LIFE : null;
}

/* Delete drafts whose time is over, in both databases; asks for no passphrase. */
export async function dropDeadDraft(now = Date.now()) {
  for (const name of [REAL, PRACTICE]) {
    const store = await named(name);
    await store.change(async (on) => {
      const row = await on.get("meta", "draft");
      if (row && isDead(row, now)) await endDraft(on);
    });
  }
}

/* --- Room, and what the browser may take away ---------------------------------------------- */

const remembered = () => {
  try {
    return localStorage.getItem(MARK);
  } catch {
    return null;
  }
};

/* One mark stands in the database and one beside it. When only one is left, the browser or
   somebody cleared a part: "database" (sealed items may be lost) or "settings". When both are
   gone nothing can be noticed: the phone looks new. */
export async function lostPart() {
  const store = await real();
  const inside = await store.get("mark");
  const beside = remembered();
  if (!inside && !beside) {
    await setMark(store, uuid());
    return "";
  }
  if (inside && beside) return inside === beside ? "" : "database";
  return inside ? "settings" : "database";
}

async function setMark(store, mark) {
  await store.set("mark", mark);
  try {
    localStorage.setItem(MARK, mark);
  } catch {
    // Without the second mark a loss cannot be noticed; everything else works.
  }
}

/* The person has been told: both marks stand anew. */
export async function lossTold() {
  await setMark(await real(), uuid());
}

/* {persisted, usage, quota, low, lost}: sizes in bytes, null where the browser does not say. */
export async function storageState() {
  const keeper = navigator.storage || {};
  const persisted = keeper.persisted ? await keeper.persisted() : false;
  const { usage = null, quota = null } = keeper.estimate ? await keeper.estimate() : {};
  const low = usage !== null && quota !== null && quota - usage < LOW_ROOM;
  return { persisted, usage, quota, low, lost: await lostPart() };
}

/* Ask the browser not to evict; true when it agrees. */
export async function persist() {
  return navigator.storage && navigator.storage.persist ? navigator.storage.persist() : false;
}
