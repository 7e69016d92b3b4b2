// What the phone makes of signs that were answered, for many cases in one call.

import { band, isLower, shown } from "/field/app/guidance.js";

export function bands({ signs, cases }) {
  return cases.map(({ age, seen }) => band(age, seen, signs));
}

export function shownAt({ signs, places }) {
  return places.map(([setting, profile]) => shown(signs, setting, profile).map((one) => one.code));
}

export function lower(pairs) {
  return pairs.map(([own, guided]) => isLower(own, guided));
}
