/* The pack of a language (texts, signs, cards), kept on the phone, and the directory's extract. */

import * as stores from "./store.js";

const BASE = "/field/packs/";
const DAY = 24 * 3600 * 1000;
/* The directory says how old it is from a week on; it is dropped with the keys (two weeks). */
const STALE_AFTER = 7 * DAY;

let pack = null; // {build, texts, phrases, audio, edition, cards, …} of the language in use
let language = "";

/* The pack from the server when it is another than the one kept; null when it is not reached. */
async function fetched(wanted) {
  try {
    const answer = await fetch(`${BASE}${encodeURIComponent(wanted)}.json`, {
      credentials: "omit",
      cache: "no-cache",
    });
    if (!answer.ok) return null;
    const body = await answer.json();
    return body && typeof body.texts === "object" ? body : null;
  } catch {
    return null;
  }
}

async function keep(wanted, fresh) {
  const store = await stores.real();
  await store.change((on) => on.put("packs", fresh, wanted));
}

async function refresh(wanted) {
  const fresh = await fetched(wanted);
  if (!fresh) return null;
  await keep(wanted, fresh);
  if (language === wanted) pack = fresh;
  return fresh;
}

/* Load the pack of a language: the copy of this phone at once when it has one (it is renewed
   behind), else the server's. Throws Error("no-pack") when there is neither. */
export async function load(wanted) {
  const copy = await (await stores.real()).read((on) => on.get("packs", wanted));
  if (copy) {
    language = wanted;
    pack = copy;
    renewing = refresh(wanted).catch(() => null);
    return copy;
  }
  const fresh = await fetched(wanted);
  if (!fresh) throw new Error("no-pack");
  await keep(wanted, fresh);
  language = wanted;
  pack = fresh;
  return fresh;
}

/* Keep the packs of the other languages too, so that a change of language needs no line: those that
   are missing here, and those of another build than the one in use. */
export async function keepOthers(languages) {
  if (!pack) return;
  const store = await stores.real();
  for (const other of languages.filter((one) => one !== language)) {
    const copy = await store.read((on) => on.get("packs", other));
    if (!copy || copy.build !== pack.build) await refresh(other);
  }
}

let renewing = Promise.resolve(null);
/* Resolves when the renewal that load() began is over. */
export const renewed = () => renewing;
/* Fetch the pack in use anew, for a new edition; keeps the old one when that fails. */
export const renew = () => (language ? refresh(language) : Promise.resolve(null));

/* The text of a key, with its named places ("%(count)s") filled; the key when there is none. */
export function texts(key, params = {}) {
  const text = pack && Object.hasOwn(pack.texts, key) ? pack.texts[key] : key;
  return String(text).replace(/%\((\w+)\)s/g, (whole, name) =>
    Object.hasOwn(params, name) ? String(params[name]) : whole,
  );
}

/* The whole pack as the server made it. */
export const contents = () => pack;
/* The edition of the list of signs, {edition: code, signs, bands, reasons}, or null. */
export const edition = () => (pack ? pack.edition || null : null);
/* What to say to the person: {language: {key: text}}, all languages in every pack. */
export const phrases = () => (pack ? pack.phrases || {} : {});
/* Where the deployer has put a voice: {"language/key": address}. */
export const audio = () => (pack ? pack.audio || {} : {});
export const cards = () => (pack ? pack.cards || [] : []);

/* {as_of, points, stale}: the access points as the unit last gave them; as_of null when never. */
export async function directory(now = Date.now()) {
  const kept = await stores.meta.get("directory");
  if (!kept) return { as_of: null, points: [], stale: true };
  const age = now - Date.parse(kept.as_of);
  return { as_of: kept.as_of, points: kept.points || [], stale: !(age >= 0 && age < STALE_AFTER) };
}
