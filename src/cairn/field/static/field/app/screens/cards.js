/* Owns the quick reference: short cards by kind of work and place, kept on the phone. */

import * as packs from "../packs.js";
import { folded, h, lines, t } from "../ui.js";
import { screen } from "./frame.js";
import { known } from "./home.js";

const isFor = (card, profile) => !card.profiles.length || card.profiles.includes(profile);
const shown = (card) => folded(card.title, lines(card.lines));

export function cards() {
  const all = packs.cards() || [];
  if (!all.length)
    return screen({ title: t("cards.title"), lead: t("cards.none"), picture: "cards" });
  const profile = known.device ? known.device.profile : "";
  const mine = all.filter((card) => isFor(card, profile));
  const others = all.filter((card) => !isFor(card, profile));
  return screen(
    { title: t("cards.title"), picture: "cards" },
    h("h2", {}, t(profile ? "cards.for_me" : "cards.all")),
    mine.map(shown),
    others.length ? [h("h2", {}, t("cards.all")), others.map(shown)] : null,
  );
}
