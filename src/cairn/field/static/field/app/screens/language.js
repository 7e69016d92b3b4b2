/* Owns the language of the app: its pack, the direction of the page, the choice that is kept. */

import * as packs from "../packs.js";
import * as store from "../store.js";

const KEPT = "language"; // in the settings of the browser: known before anything is opened

/** The language to begin with: the one chosen last, else that of the page. */
export async function firstLanguage() {
  try {
    return (await store.meta.get(KEPT)) || document.documentElement.lang;
  } catch {
    return document.documentElement.lang;
  }
}

/** Load the pack of a language and turn the page to it. */
export async function useLanguage(language) {
  const pack = await packs.load(language);
  const root = document.documentElement;
  root.lang = (pack && pack.language) || language;
  root.dir = (pack && pack.dir) || "ltr";
  await store.meta.set(KEPT, root.lang);
}
