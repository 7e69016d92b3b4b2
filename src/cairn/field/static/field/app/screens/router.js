/* Owns which screen stands there, and the history behind it: one address, one neutral title. */

import { hush } from "../ui.js";

const screens = new Map();
let now = { name: "", params: {} };
let guard = (name) => name;

/** `found`: {name: function(params) that returns the element of the screen}. */
export function register(found) {
  for (const [name, build] of Object.entries(found)) screens.set(name, build);
}

/** `check(name)` says which screen stands there instead, when the phone is locked for instance. */
export function guardWith(check) {
  guard = check;
}

export const current = () => now.name;

function show(name, params) {
  const allowed = guard(name);
  if (allowed !== now.name) hush();
  now = { name: allowed, params: allowed === name ? params : {} };
  const screen = screens.get(allowed)(now.params);
  const place = document.getElementById("app");
  place.replaceChildren(screen);
  document.body.dataset.screen = allowed;
  window.scrollTo(0, 0);
  const heading = screen.querySelector("[data-focus]") || screen.querySelector("h1");
  if (heading) {
    if (!heading.hasAttribute("tabindex") && heading.tagName === "H1") heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}

/** Go to a screen. `replace`: in the place of this one, so that the back button passes it by. */
export function go(name, params = {}, { replace = false } = {}) {
  const state = { at: name, params };
  if (replace) history.replaceState(state, "", location.pathname);
  else history.pushState(state, "", location.pathname);
  show(name, params);
}

/** Build the present screen anew, with what it was opened with. */
export const again = () => show(now.name, now.params);

export const back = () => history.back();

/** Begin with a screen, and follow the back button from now on. */
export function start(name, params = {}) {
  window.addEventListener("popstate", (event) => {
    const state = event.state || { at: "home", params: {} };
    show(state.at, state.params || {});
  });
  go(name, params, { replace: true });
}
