/* Owns the language of the app: its pack, the direction of the page, the choice that is kept. */

import * as packs from "../packs.js";
import * as store from "../store.js";
import { announce, t } from "../ui.js";
import { again } from "./router.js";

const KEPT = "language"; // in the settings of the browser: known before anything is opened

/** The language to begin with: the one chosen last, else that of the page. */
export async function firstLanguage() {
  try {
    return (await store.meta.get(KEPT)) || document.documentElement.lang;
  } catch {
    return document.documentElement.lang;
  }
}

/** Turn to the first language of these that this phone has, or that the server gives. */
export async function useFirstOf(languages) {
  for (const language of languages) {
    try {
      await useLanguage(language);
      return;
    } catch {
      continue;
    }
  }
  throw new Error("no-pack");
}

/** Load the pack of a language and turn the page to it. Throws Error("no-pack"). */
export async function useLanguage(language) {
  const pack = await packs.load(language);
  const root = document.documentElement;
  root.lang = (pack && pack.language) || language;
  root.dir = (pack && pack.dir) || "ltr";
  await store.meta.set(KEPT, root.lang);
}

/** The officer's choice: the screen again in another language, or a word that it is not here. */
export async function changeLanguage(language) {
  try {
    await useLanguage(language);
  } catch {
    announce(t("common.failed"));
  }
  again();
}
