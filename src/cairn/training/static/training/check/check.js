/* Checks a certificate on this device: signature, dates, lists. What is checked is sent nowhere.
   The rules are those of cairn/training/openbadges/{jose,compact,statuslist,checking}.py. */

const place = document.querySelector("[data-check]");
const ALGORITHM = { name: "ECDSA", hash: "SHA-256" };
const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const PURPOSES = ["suspension", "revocation", "refresh"];
const DAY = 24 * 3600 * 1000;

class Refused extends Error {}

/* Base64url without padding; a text that is not the one way to write its bytes is refused. */
function bytesOf(text) {
  if (!/^[\w-]*$/.test(text)) throw new Refused("unreadable");
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(raw, (sign) => sign.charCodeAt(0));
  const again = btoa(raw).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  if (again !== text) throw new Refused("unreadable");
  return bytes;
}

const jsonOf = (bytes) => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));

/* The content of a token that one of `keys` signed for `kind`. */
async function opened(token, keys, kind) {
  const parts = token.split(".");
  let header, content, signature;
  try {
    if (parts.length !== 3) throw new Refused("unreadable");
    [header, content, signature] = parts.map(bytesOf);
    header = jsonOf(header);
  } catch {
    throw new Refused("unreadable");
  }
  const name = String(header.kid).replace(/\/+$/, "").split("/").pop();
  const key = keys.find((each) => each.kid === name);
  if (!key) throw new Refused("unknown-key");
  if (header.alg !== "ES256" || header.typ !== kind) throw new Refused("altered");
  const { kty, crv, x, y } = key;
  const known = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, CURVE, false, ["verify"]);
  const signed = new TextEncoder().encode(`${parts[0]}.${parts[1]}`);
  if (!(await crypto.subtle.verify(ALGORITHM, known, signature, signed))) throw new Refused("altered");
  return jsonOf(content);
}

async function unpacked(text) {
  if (!text.startsWith("u")) throw new Error("not a list");
  const stream = new Blob([bytesOf(text.slice(1))]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const isSet = (bits, index) => Boolean((bits[index >> 3] ?? 0) & (0x80 >> (index & 7)));

/* Keys and lists as this device holds them: from the network, else the copy of the worker. */
async function held() {
  const bundle = await (await fetch(place.dataset.bundle, { cache: "no-cache" })).json();
  const lists = {};
  let made = Infinity;
  try {
    for (const purpose of PURPOSES) {
      const list = await opened(bundle.lists[purpose], bundle.keys, "vc+jwt");
      if (list.credentialSubject.statusPurpose !== purpose) throw new Error("another list");
      lists[purpose] = await unpacked(list.credentialSubject.encodedList);
      made = Math.min(made, Date.parse(list.validFrom));
    }
  } catch {
    return { keys: bundle.keys, lists: null, made: null };
  }
  return { keys: bundle.keys, lists, made };
}

function judged(said, lists, now) {
  const listed = (purpose) => lists !== null && isSet(lists[purpose], said.x);
  if (listed("revocation")) return "revoked";
  if (listed("suspension")) return "suspended";
  if (now < said.nbf * 1000) return "not-yet";
  if (said.exp !== undefined && now >= said.exp * 1000) return "expired";
  return listed("refresh") ? "superseded" : "valid";
}

async function check(token) {
  const known = await held().catch(() => ({ keys: [], lists: null, made: null }));
  try {
    const said = await opened(token, known.keys, "cert+jwt");
    return { verdict: judged(said, known.lists, Date.now()), said, made: known.made };
  } catch (problem) {
    const verdict = problem instanceof Refused ? problem.message : "unreadable";
    return { verdict, said: null, made: known.made };
  }
}

/* --- On the page -------------------------------------------------------------------------- */

const language = document.documentElement.lang || "en";
const DAY_STYLE = { day: "numeric", month: "short", year: "numeric", numberingSystem: "latn" };
const TIME_STYLE = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" };
const words = (style) => new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, style);
const dayWords = (moment) => words({ ...DAY_STYLE, timeZone: "UTC" }).format(moment);
const momentWords = (moment) => words({ ...DAY_STYLE, ...TIME_STYLE }).format(moment);

function values(said) {
  const days = (said.d ?? []).map((day) => dayWords(Date.parse(`${day}T00:00:00Z`)));
  const kinds = document.getElementById("check-kinds").content;
  const kind = [...kinds.querySelectorAll("[data-kind]")].find((each) => each.dataset.kind === said.k);
  return {
    holder: said.n ?? "",
    kind: kind ? kind.textContent : said.k,
    title: said.t,
    issuer: said.o ?? "",
    days: [...new Set(days)].join(" – "),
    issued: dayWords(said.iat * 1000),
    from: dayWords(said.nbf * 1000),
    // Its last whole day: it ends with the moment `exp`.
    until: said.exp === undefined ? "" : dayWords(said.exp * 1000 - 1000),
    forever: said.exp === undefined ? "yes" : "",
    number: said.jti,
  };
}

function show({ verdict, said, made }) {
  const shown = document.getElementById("check-pattern").content.cloneNode(true);
  const without = (selector, keep) => shown.querySelectorAll(selector).forEach((each) => keep(each) || each.remove());
  without("[data-verdict]", (each) => each.dataset.verdict === verdict);
  const filled = said ? values(said) : {};
  without("[data-row]", (each) => Boolean(filled[each.dataset.row]));
  shown.querySelectorAll("[data-slot]").forEach((each) => (each.textContent = filled[each.dataset.slot] ?? ""));
  if (!said) shown.querySelector("dl")?.remove();
  const isStale = made !== null && Date.now() - made > Number(place.dataset.staleDays) * DAY;
  const asOf = said === null ? [] : made === null ? ["none"] : isStale ? ["list", "stale"] : ["list"];
  without("[data-as-of]", (each) => asOf.includes(each.dataset.asOf));
  const slot = shown.querySelector("[data-slot='as-of']");
  if (slot) slot.textContent = momentWords(made);
  place.querySelector("[data-found]")?.remove();
  place.prepend(shown);
  place.querySelector("[data-found]").scrollIntoView({ block: "nearest" });
}

const tokenIn = (text) => /^[\w-]+\.[\w-]+\.[\w-]+$/.exec(text.trim().split("#").pop())?.[0] ?? "";
const canCheck = Boolean(globalThis.crypto?.subtle) && typeof DecompressionStream === "function";

/* A certificate in the address is taken out of it at once: a history keeps no names. Where the
   browser cannot check (an old one, or a page without encryption), the form asks the server. */
async function takeFromAddress() {
  const token = tokenIn(decodeURIComponent(location.hash.slice(1)));
  if (!token) return;
  history.replaceState(null, "", location.pathname);
  if (canCheck) {
    show(await check(token));
  } else {
    place.querySelector("[name=presented]").value = token;
    place.querySelector("[data-check-form]").requestSubmit();
  }
}

function tell(id, more = "") {
  const line = place.querySelector("[data-check-state]");
  line.textContent = `${document.getElementById(id).content.textContent.trim()} ${more}`.trim();
  line.hidden = false;
}

place.querySelector("[data-check-form]").addEventListener("submit", async (event) => {
  const token = tokenIn(event.target.elements.presented.value);
  if (token && canCheck) {
    event.preventDefault();
    show(await check(token));
    event.target.reset();
  } else if (!navigator.onLine) {
    event.preventDefault();
    tell("check-offline");
  }
});

addEventListener("hashchange", takeFromAddress);
takeFromAddress();

if (canCheck && navigator.serviceWorker) {
  const script = `${place.dataset.worker}?language=${encodeURIComponent(place.dataset.language)}`;
  navigator.serviceWorker
    .register(script, { scope: place.dataset.scope })
    .then(() => navigator.serviceWorker.ready)
    .then(async (registration) => {
      if (navigator.onLine) registration.active.postMessage("renew");
      const { made } = await held();
      if (made !== null) {
        tell("check-ready", momentWords(made));
        place.dataset.ready = "yes";
      }
    })
    .catch(() => {});
}
