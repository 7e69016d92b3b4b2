/* The way to the server: JSON in, JSON out, no cookies. What fails on the way is an Unreached;
   every answer, good or bad, is given back as it came for the caller to judge. */

const BASE = "/field/api/";
const PATIENCE = 30_000; // milliseconds; a batch of twenty over a bad line takes its time
const MOST_SIGNS = 4 * 1024 * 1024;

export class Unreached extends Error {}

/* Seconds that the server asks to wait, or null. */
function askedWait(answer) {
  const seconds = Number(answer.headers.get("Retry-After") || NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}

async function bodyOf(answer) {
  if (!(answer.headers.get("Content-Type") || "").includes("application/json")) return null;
  const text = await answer.text();
  if (text.length > MOST_SIGNS) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/* {status, body, wait}: `body` is null when it is not JSON (the page of a captive portal, say). */
async function post(path, value) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(BASE + path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(value),
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: stop.signal,
    });
    return { status: answer.status, body: await bodyOf(answer), wait: askedWait(answer) };
  } catch {
    throw new Unreached("unreached");
  } finally {
    clearTimeout(timer);
  }
}

export const network = { post };

/* The build of the page as the server wrote it; "0" where there is none. */
export const appBuild = () => document.documentElement.dataset.build || "0";
