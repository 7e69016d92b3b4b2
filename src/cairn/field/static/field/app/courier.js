/* The courier: sealed items go by file or by QR codes to a colleague's phone, which sends what it
   cannot read; the receipts that come back count only when the installation signed them. */

import { fromBase64, sha256, textOf, toBase64, toHex, utf8 } from "./b64.js";
import { digestOf, isEnvelope } from "./envelope.js";
import * as outbox from "./outbox.js";
import { encode } from "./qr.js";
import * as training from "./training.js";

const FIRST_LINE = { notes: 1 };
const MOST_FILE = 8 * 1024 * 1024;
/* Signs of one QR code: with its head a code of about 93 modules, which a cheap camera reads. */
const PART = 560;
const MOST_FRAMES = 400;
const FRAME = /^C1\|(\d{1,4})\|(\d{1,4})\|([0-9a-f]{8})\|([\w-]+)$/;
const BETWEEN = 120; // milliseconds between two looks of the camera

async function asText(ids) {
  const { envelopes, receipts } = await outbox.box().toCarry(ids);
  const lines = [
    FIRST_LINE,
    ...envelopes.map((envelope) => ({ item: envelope })),
    ...receipts.map((receipt) => ({ receipt })),
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/* A file of all that waits here (or of `ids`) and of the receipts that go back; neutral text. */
export async function exportFile(ids = null) {
  return new Blob([await asText(ids)], { type: "text/plain" });
}

export const FILE_NAME = "notes.txt";

/* Real items and those of practice never mix. */
const isOfThisMode = (envelope) => (envelope.device === training.DEVICE) === training.isTraining();

/* What stands in an exported text: {found: [{envelope, digest}], receipts, refused}. */
async function parsed(text) {
  const lines = text.split("\n").filter((line) => line.trim());
  const found = [];
  const receipts = [];
  let refused = 0;
  for (const line of lines) {
    try {
      const value = JSON.parse(line);
      if (value.notes === 1) continue;
      if (typeof value.receipt === "string") {
        receipts.push(value.receipt);
      } else if (isEnvelope(value.item) && isOfThisMode(value.item)) {
        found.push({ envelope: value.item, digest: await digestOf(value.item) });
      } else {
        refused += 1;
      }
    } catch {
      refused += 1;
    }
  }
  return { found, receipts, refused };
}

async function taken(text) {
  const { found, receipts, refused } = await parsed(text);
  const box = outbox.box();
  const items = await box.carry(found);
  const confirmed = await box.acceptReceipts(receipts);
  if (items) outbox.sync();
  return { items, confirmed, refused };
}

/* Take a file in. Gives {items: new ones to carry, confirmed: own ones that receipts confirm,
   refused: lines that are neither}. Throws Error("too-large"). */
export async function importFile(blob) {
  if (blob.size > MOST_FILE) throw new Error("too-large");
  return taken(new TextDecoder().decode(await blob.arrayBuffer()));
}

/* --- QR codes ------------------------------------------------------------------------------------ */

/* The same as the file in frames "C1|i|n|id8|part": [{number, of, size, rows}], to be shown one
   after the other, round and round. Throws Error("too-large"). */
export async function qrFrames(ids = null) {
  const texts = await frameTexts(await asText(ids));
  return texts.map((text, at) => ({ number: at + 1, of: texts.length, text, ...encode(text) }));
}

export async function frameTexts(text) {
  const bytes = utf8(text);
  const name = toHex(await sha256(bytes)).slice(0, 8);
  const parts = toBase64(bytes).match(new RegExp(`.{1,${PART}}`, "g")) || [];
  if (parts.length > MOST_FRAMES) throw new Error("too-large");
  return parts.map((part, at) => `C1|${at + 1}|${parts.length}|${name}|${part}`);
}

/* Puts frames together in whatever order they are seen. */
export class Collector {
  #parts = new Map();
  #name = "";
  #of = 0;

  /* Take one frame; false when it is none. A frame of another sequence begins that one. */
  see(text) {
    const [, number, of, name, part] = FRAME.exec(text) || [];
    if (!part || Number(number) < 1 || Number(number) > Number(of)) return false;
    if (name !== this.#name || Number(of) !== this.#of) {
      this.#parts.clear();
      this.#name = name;
      this.#of = Number(of);
    }
    this.#parts.set(Number(number), part);
    return true;
  }

  /* {seen, of} */
  get progress() {
    return { seen: this.#parts.size, of: this.#of };
  }

  /* Take in what was seen, as importFile does; null while frames are missing. */
  async finish() {
    if (!this.#of || this.#parts.size < this.#of) return null;
    const order = [...this.#parts.keys()].sort((one, two) => one - two);
    const bytes = fromBase64(order.map((number) => this.#parts.get(number)).join(""));
    const name = toHex(await sha256(bytes)).slice(0, 8);
    if (name !== this.#name) {
      this.#parts.clear();
      return null;
    }
    return taken(textOf(bytes));
  }
}

/* Can this browser read QR codes by itself? Where it cannot, the file does the same. */
export async function canScan() {
  if (typeof BarcodeDetector === "undefined" || !navigator.mediaDevices) return false;
  return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
}

/* Read frames with the camera into `video` until all were seen or `signal` ends it; gives what
   importFile gives, or null when ended. `onProgress({seen, of})`. Throws Error: "no-scanner" (this
   browser reads no codes), "no-camera" (not allowed, or none). */
export async function scan(video, { onProgress = () => {}, signal = null } = {}) {
  if (!video || !(await canScan())) throw new Error("no-scanner");
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const collector = new Collector();
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    throw new Error("no-camera");
  }
  try {
    video.srcObject = stream;
    await video.play();
    while (!(signal && signal.aborted)) {
      for (const code of await detector.detect(video)) collector.see(code.rawValue);
      onProgress(collector.progress);
      const result = await collector.finish();
      if (result) return result;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN));
    }
    return null;
  } finally {
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  }
}
