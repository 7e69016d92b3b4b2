/* Badges at the door. Each mark is made on this phone with an id of its own, kept in IndexedDB until
   the server has said that it holds it, and sent again as often as it takes: the same id is one mark.
   Without this file the form sends one badge after the other. */

const PLACE = document.querySelector("[data-scan]");
const STORE = "marks";
const MOST_AT_ONCE = 100;
const SHOWN = 30;
const PAUSE = 10_000;
/* A badge stays before the camera for a moment: the same code again within this time is one badge. */
const SAME_BADGE = 4_000;

const words = PLACE.dataset;
const form = PLACE.querySelector("form");
const field = form.querySelector("input[name=code]");
const status = PLACE.querySelector("[data-status]");
const list = PLACE.querySelector("[data-list]");
const codes = new Set(words.codes.split(" ").filter(Boolean));

const asked = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const opened = () => {
  const request = indexedDB.open("cairn-attendance", 1);
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore(STORE, { keyPath: "id" });
    store.createIndex("order", "sequence");
  };
  return asked(request);
};

/* Pages without a secure connection, as on a kit's own network, have random values but no randomUUID. */
const newId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

/* The name of this device and its count of marks: kept for good, so that order survives a wrong clock. */
const device = () => {
  let name = localStorage.getItem("cairn-device");
  if (!name) {
    name = newId().slice(0, 8);
    localStorage.setItem("cairn-device", name);
  }
  return name;
};
const nextNumber = () => {
  const number = Number(localStorage.getItem("cairn-sequence") || 0) + 1;
  localStorage.setItem("cairn-sequence", String(number));
  return number;
};

/* The badge holds an address that ends with the code; a hand types the code alone. */
const plain = (text) => text.toUpperCase().replace(/[\s\-‐‑‒–—]/g, "");
const known = new Map([...codes].map((code) => [plain(code), code]));
const codeIn = (text) => {
  const parts = text.trim().split(/[/?#&=\s]+/).filter(Boolean);
  return [text, ...parts.reverse()].map((part) => known.get(plain(part))).find(Boolean) || "";
};

/* What the server keeps of a mark, in the form that it hashes: keys in order, no blanks. */
const digestOf = async (mark) => {
  if (!crypto.subtle) return null;
  const text = JSON.stringify({
    at: new Date(mark.at).getTime(),
    code: mark.code,
    corrects: "",
    device: mark.device,
    enrolment: "",
    id: mark.id,
    kind: mark.kind,
    means: mark.means,
    sequence: mark.sequence,
    session: mark.session,
  });
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

let base = null;
const stored = (mode) => base.transaction(STORE, mode).objectStore(STORE);
const all = async () => {
  const marks = await asked(stored("readonly").index("order").getAll());
  return marks.filter((mark) => mark.event === words.event);
};
const keep = (mark) => asked(stored("readwrite").put(mark));

const draw = async () => {
  const marks = await all();
  const own = marks.filter((mark) => mark.session === words.session);
  list.replaceChildren(...own.slice(-SHOWN).reverse().map(line));
  const waiting = marks.filter((mark) => mark.state === "on-device").length;
  PLACE.querySelector("[data-retry-row]").hidden = waiting === 0;
  return waiting;
};

const line = (mark) => {
  const item = document.createElement("li");
  item.dataset.state = mark.state;
  const code = document.createElement("bdi");
  code.dir = "ltr";
  code.textContent = mark.code;
  const what = document.createElement("span");
  what.textContent = mark.kind === "in" ? words.came : words.went;
  const state = document.createElement("span");
  state.className = "scan-state";
  state.textContent = { "on-device": words.onDevice, received: words.received, refused: words.refused }[mark.state];
  item.append(code, what, state);
  if (mark.reason) {
    const reason = document.createElement("span");
    reason.textContent = mark.reason;
    item.append(reason);
  }
  return item;
};

const say = (text) => { status.textContent = text; };

let isSending = false;
const send = async () => {
  if (isSending) return;
  isSending = true;
  try {
    await sendAll();
  } catch {
    say(words.noLine);
  } finally {
    isSending = false;
    await draw();
  }
};

const sendAll = async () => {
  for (;;) {
    const waiting = (await all()).filter((mark) => mark.state === "on-device").slice(0, MOST_AT_ONCE);
    if (!waiting.length) return;
    const answer = await fetch(words.send, {
      method: "POST",
      redirect: "manual",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
      },
      body: JSON.stringify({
        event: words.event,
        device: device(),
        sent_at: new Date().toISOString(),
        marks: waiting.map(({ id, session, code, kind, means, at, sequence }) =>
          ({ id, session, code, kind, means, at, sequence })),
      }),
    });
    if (answer.type === "opaqueredirect" || answer.status === 403) return say(words.signIn);
    if (!answer.ok) return say(words.noLine);
    const { receipts } = await answer.json();
    const moved = await settle(waiting, receipts);
    if (!moved) return say(words.noLine);
    say((await draw()) ? "" : words.allSent);
  }
};

/* Green only when the server names the very content that this phone holds. */
const settle = async (waiting, receipts) => {
  let moved = 0;
  for (const receipt of receipts) {
    const mark = waiting.find((each) => each.id === receipt.record_id);
    if (!mark) continue;
    const digest = await digestOf(mark);
    if (digest && receipt.digest !== digest) continue;
    const isHeld = receipt.outcome === "accepted" || receipt.outcome === "duplicate";
    mark.state = isHeld ? "received" : "refused";
    mark.reason = isHeld ? "" : receipt.reason;
    await keep(mark);
    moved += 1;
  }
  return moved;
};

const take = async (text, means) => {
  const code = codeIn(text);
  if (!code) {
    say(words.noCode);
    return false;
  }
  await keep({
    id: newId(),
    event: words.event,
    session: words.session,
    device: device(),
    sequence: nextNumber(),
    code,
    kind: form.querySelector("input[name=kind]:checked").value,
    means,
    at: new Date().toISOString(),
    state: "on-device",
    reason: "",
  });
  say("");
  await draw();
  send();
  return true;
};

const watchCamera = async (button) => {
  const video = PLACE.querySelector("[data-video]");
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.hidden = false;
  button.hidden = true;
  await video.play();
  let last = { text: "", at: 0 };
  const look = async () => {
    const [found] = await detector.detect(video).catch(() => []);
    const now = Date.now();
    if (found && (found.rawValue !== last.text || now - last.at > SAME_BADGE)) {
      last = { text: found.rawValue, at: now };
      if (await take(found.rawValue, "qr")) navigator.vibrate?.(60);
    }
    setTimeout(look, 200);
  };
  look();
};

const offerCamera = async () => {
  const button = PLACE.querySelector("[data-camera]");
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return;
  button.hidden = false;
  button.addEventListener("click", () => watchCamera(button).catch(() => { button.hidden = true; }));
};

const start = async () => {
  try {
    base = await opened();
  } catch {
    say(words.notKept);
    return;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value;
    if (!text.trim()) return;
    // Emptied at once: a reader of badges types the next code before this one is stored.
    field.value = "";
    if (!(await take(text, "code")) && !field.value) field.value = text;
    field.focus();
  });
  PLACE.querySelector("[data-retry]").addEventListener("click", send);
  window.addEventListener("online", send);
  PLACE.dataset.ready = "";
  setInterval(() => { if (navigator.onLine) send(); }, PAUSE);
  await draw();
  send();
  offerCamera();
};

start();
