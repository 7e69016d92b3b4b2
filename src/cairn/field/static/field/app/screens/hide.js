/* Owns the quick way out of sight: a real converter of units stands there, and the phone locks. */

import * as vaultkeys from "../vaultkeys.js";
import { h, t } from "../ui.js";
import * as draft from "./draft.js";
import { go } from "./router.js";

// What one of each unit is in metres, kilograms or litres (international yard and pound, 1959;
// the US gallon is 231 cubic inches).
const KINDS = {
  length: { km: 1000, m: 1, cm: 0.01, mi: 1609.344, ft: 0.3048, in: 0.0254 },
  weight: { kg: 1, g: 0.001, lb: 0.45359237, oz: 0.028349523125 },
  volume: { l: 1, gal: 3.785411784 },
  temperature: { c: null, f: null },
};

/** `amount` of the unit `from` in the unit `to`, both of one kind. */
export function convert(kind, amount, from, to) {
  if (kind !== "temperature") return (amount * KINDS[kind][from]) / KINDS[kind][to];
  if (from === to) return amount;
  return from === "c" ? amount * 1.8 + 32 : (amount - 32) / 1.8;
}

function picker(label, options, value, onchange) {
  const select = h(
    "select",
    { class: "input", onchange },
    options.map(([key, text]) => h("option", { value: key }, text)),
  );
  select.value = value;
  return [h("label", { class: "field" }, h("span", {}, label), select), select];
}

/** The page that stands there instead: nothing on it is about this app. */
export function converter() {
  let kind = "length";
  const amount = h("input", {
    class: "input",
    type: "number",
    inputmode: "decimal",
    value: "1",
    step: "any",
  });
  const result = h("output", { class: "result", "aria-live": "polite" });
  const units = h("div", { class: "pair" });
  let from = null;
  let to = null;
  const count = () => {
    const found = convert(kind, Number(amount.value) || 0, from.value, to.value);
    result.replaceChildren(
      h("bdi", { dir: "ltr" }, String(Number(found.toPrecision(7)))),
      " ",
      t(`unit.${to.value}`),
    );
  };
  const build = () => {
    const options = Object.keys(KINDS[kind]).map((key) => [key, t(`unit.${key}`)]);
    const [first, select] = picker(t("hide.from"), options, options[0][0], count);
    const [second, other] = picker(
      t("hide.to"),
      options,
      options[options.length > 3 ? 3 : 1][0],
      count,
    );
    from = select;
    to = other;
    units.replaceChildren(first, second);
    count();
  };
  amount.addEventListener("input", count);
  const [kinds, chosen] = picker(
    t("hide.title"),
    Object.keys(KINDS).map((key) => [key, t(`hide.${key}`)]),
    kind,
    () => {
      kind = chosen.value;
      build();
    },
  );
  build();
  return page(
    kinds,
    h("label", { class: "field" }, h("span", {}, t("hide.amount")), amount),
    units,
    h("p", { class: "result-line" }, h("span", {}, t("hide.result")), result),
  );
}

function page(...body) {
  return h(
    "div",
    { class: "screen" },
    h("main", { id: "main" }, h("h1", { tabindex: "-1" }, t("hide.title")), body),
    h(
      "footer",
      { class: "foot quiet-foot" },
      h(
        "button",
        {
          type: "button",
          class: "link",
          "data-id": "start",
          onclick: () => go("lock", {}, { replace: true }),
        },
        t("hide.start"),
      ),
    ),
  );
}

/** At once the converter stands there, in the place of this entry of the history; then it locks. */
export async function hide() {
  go("converter", {}, { replace: true });
  await draft.flush();
  draft.forget();
  await vaultkeys.lock();
}
