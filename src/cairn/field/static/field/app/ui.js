/* Owns how a screen is built: elements made one by one, never from text that could be markup. */

import * as packs from "./packs.js";
import { icon } from "./icons.js";

/** The text of `key` in the language of the app; placeholders as %(name)s. */
export const t = (key, params) => packs.texts(key, params);

/** An element. `props`: attributes; a function ("onclick") listens; true sets, false leaves out. */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else if (value === true) element.setAttribute(name, "");
    else element.setAttribute(name, value);
  }
  for (const child of children.flat(3)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

/** Codes and numbers read from left to right in every language. */
export const code = (text) => h("bdi", { dir: "ltr", class: "code" }, text);

/** A phone number that can be called by touching it. */
export const number = (text) =>
  h(
    "a",
    { class: "number", href: `tel:${String(text).replace(/[^\d+*#]/g, "")}` },
    icon("call"),
    code(text),
  );

/** A button. `options`: kind ("main", "quiet", "danger", "big"), icon, onclick, pressed, help. */
export function button(label, options = {}) {
  const { kind = "plain", help } = options;
  const pressed = "pressed" in options ? String(Boolean(options.pressed)) : null;
  return h(
    "button",
    {
      type: options.submit ? "submit" : "button",
      class: `button ${kind}`,
      "aria-pressed": pressed,
      onclick: options.onclick,
      "data-id": options.id,
    },
    options.icon && icon(options.icon),
    h("span", { class: "button-text" }, label, help && h("small", {}, help)),
  );
}

/** Buttons of which one (with `multiple`: any) can be on; touching again takes it back.
 *  `options`: [[value, label, icon?]...]; `selected`: value or list; `onchange` gets the new one. */
export function choice(
  legend,
  options,
  selected,
  onchange,
  { multiple = false, id = "", quiet = false } = {},
) {
  let chosen = multiple ? [...selected] : selected;
  const isOn = (value) => (multiple ? chosen.includes(value) : chosen === value);
  const buttons = options.map(([value, label, picture]) => {
    const one = button(label, {
      kind: "chip",
      icon: picture,
      pressed: isOn(value),
      id: `${id}:${value}`,
    });
    one.addEventListener("click", () => {
      if (multiple)
        chosen = isOn(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
      else chosen = isOn(value) ? "" : value;
      buttons.forEach((other, at) =>
        other.setAttribute("aria-pressed", String(isOn(options[at][0]))),
      );
      onchange(multiple ? [...chosen] : chosen);
    });
    return one;
  });
  return h(
    "fieldset",
    { class: "choice" },
    h("legend", { class: quiet ? "unseen" : null }, legend),
    h("div", { class: "chips" }, buttons),
  );
}

let fields = 0;

/** A label with its input, help and place for an error: {row, input, fail(text)}. */
export function field(label, { type = "text", help = "", value = "", long = false, ...more } = {}) {
  fields += 1;
  const id = `field-${fields}`;
  const described = `${id}-help ${id}-error`;
  const props = { id, value, class: "input", "aria-describedby": described, ...more };
  const input = long ? h("textarea", { rows: "3", ...props }) : h("input", { type, ...props });
  const error = h("p", { id: `${id}-error`, class: "error", hidden: true });
  const row = h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    h("p", { id: `${id}-help`, class: "help" }, help),
    input,
    error,
  );
  const fail = (text) => {
    error.textContent = text;
    error.hidden = !text;
    input.setAttribute("aria-invalid", text ? "true" : "false");
    if (text) input.focus();
  };
  return { row, input, fail };
}

/** What stands folded up until somebody wants it. */
export const folded = (label, ...children) =>
  h(
    "details",
    { class: "folded" },
    h("summary", {}, label),
    h("div", { class: "folded-body" }, children),
  );

/** A quiet box that says something; `tone` "plain", "waiting" or "attention". */
export const notice = (text, tone = "plain", ...more) =>
  h("div", { class: `notice ${tone}` }, h("p", {}, text), more);

const SAID_FOR = 6000; // milliseconds
let saying = null;

/** Said to screen readers, and shown at the foot for a moment. */
export function announce(text) {
  const place = document.getElementById("said");
  place.textContent = text;
  clearTimeout(saying);
  saying = setTimeout(() => place.replaceChildren(), SAID_FOR);
}

/** What was said of another screen does not stand over the buttons of this one. */
export const hush = () => document.getElementById("said").replaceChildren();

/** A list of short lines. */
export const lines = (items, kind = "lines") =>
  h(
    "ul",
    { class: kind },
    items.map((item) => h("li", {}, item)),
  );

const STYLES = {
  moment: { dateStyle: "medium", timeStyle: "short", hour12: false },
  clock: { timeStyle: "short", hour12: false },
  day: { dateStyle: "medium" },
};
const formats = new Map(); // making one takes long on a slow phone

function formatted(value, style) {
  const when = new Date(value);
  if (Number.isNaN(when.getTime())) return "";
  const { lang } = document.documentElement;
  // Day before month and 24 hours, as the desks write it.
  const language = `${lang === "en" ? "en-GB" : lang}-u-nu-latn`;
  const key = `${language} ${style}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, STYLES[style]));
  return formats.get(key).format(when);
}

/** A moment (ISO, or milliseconds) in the language of the app: day and hour, hour, or day. */
export const moment = (value) => formatted(value, "moment");
export const clock = (value) => formatted(value, "clock");
export const day = (value) => formatted(value, "day");
