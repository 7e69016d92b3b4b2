/* Owns giving sealed reports to a colleague's phone, and taking theirs: by file or by pictures. */

import * as courier from "../courier.js";
import * as outbox from "../outbox.js";
import { squareOf } from "../icons.js";
import { announce, button, h, t } from "../ui.js";
import { screen, working } from "./frame.js";

const EACH = 900; // milliseconds that one picture stands there when they run by themselves

function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = h("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Pictures one after the other; `frames` are squares of dark and light cells. */
function pictures(frames) {
  let at = 0;
  let timer = null;
  const place = h("div", { class: "picture" });
  const label = () => t("courier.frame", { number: at + 1, total: frames.length });
  const line = h("p", { class: "help" });
  const show = () => {
    if (timer && !place.isConnected) {
      clearInterval(timer);
      return;
    }
    place.replaceChildren(squareOf(frames[at].rows, label()));
    line.textContent = label();
  };
  const step = () => {
    at = (at + 1) % frames.length;
    show();
  };
  const run = button(t("courier.auto"), {
    kind: "plain",
    icon: "play",
    id: "run",
    pressed: false,
    onclick: () => {
      if (timer) clearInterval(timer);
      timer = timer ? null : setInterval(step, EACH);
      run.setAttribute("aria-pressed", String(Boolean(timer)));
    },
  });
  show();
  return h(
    "div",
    { class: "stack" },
    place,
    line,
    frames.length > 1 &&
      h(
        "div",
        { class: "pair" },
        button(t("courier.next"), { kind: "plain", icon: "next", id: "frame", onclick: step }),
        run,
      ),
  );
}

const told = ({ items, confirmed, refused }) =>
  t("courier.taken", { added: items, receipts: confirmed, refused });

function fileField(result) {
  const input = h("input", {
    type: "file",
    accept: ".txt,text/plain",
    class: "input",
    id: "courier-file",
  });
  input.addEventListener("change", () =>
    working(input, async () => {
      try {
        result.textContent = told(await courier.importFile(input.files[0]));
      } catch {
        result.textContent = t("courier.refused");
      }
      input.value = "";
      outbox.sync().catch(() => undefined);
    }),
  );
  return h(
    "div",
    { class: "field" },
    h("label", { for: "courier-file" }, t("courier.take_file")),
    input,
  );
}

/** Read pictures from a colleague's screen with the camera, until all of them were seen. */
function scanner(result) {
  const video = h("video", { class: "picture", playsinline: true, muted: true, hidden: true });
  let reading = null;
  const stop = () => {
    if (reading) reading.abort();
    reading = null;
    video.hidden = true;
  };
  const pressed = button(t("courier.take_code"), {
    kind: "plain wide",
    icon: "eye",
    id: "scan",
    onclick: async () => {
      if (reading) {
        stop();
        return;
      }
      reading = new AbortController();
      video.hidden = false;
      try {
        const onProgress = ({ seen, of }) => {
          result.textContent = t("courier.reading", { number: seen, total: of });
        };
        const read = await courier.scan(video, { onProgress, signal: reading.signal });
        if (read) result.textContent = told(read);
      } catch {
        result.textContent = t("courier.no_camera");
      }
      stop();
    },
  });
  return h("div", { class: "stack" }, pressed, video);
}

export function carry() {
  const result = h("p", { class: "notice", role: "status", "data-id": "courier-result" });
  const give = h("div", {});
  const frames = async (event) => {
    await working(event.currentTarget, async () => {
      const made = await courier.qrFrames();
      give.replaceChildren(
        made.length ? pictures(made) : h("p", { class: "notice" }, t("courier.nothing")),
      );
    });
  };
  const file = async (event) => {
    await working(event.currentTarget, async () => {
      if ((await outbox.counts()).here + (await outbox.counts()).carried === 0) {
        announce(t("courier.nothing"));
        return;
      }
      save(await courier.exportFile(), courier.FILE_NAME);
    });
  };
  return screen(
    { title: t("courier.title"), lead: t("courier.lead"), picture: "carry" },
    h("h2", {}, t("courier.give")),
    h(
      "div",
      { class: "pair" },
      button(t("courier.give_file"), {
        kind: "plain",
        icon: "file",
        id: "give-file",
        onclick: file,
      }),
      button(t("courier.give_code"), {
        kind: "plain",
        icon: "list",
        id: "give-code",
        onclick: frames,
      }),
    ),
    give,
    h("h2", {}, t("courier.take")),
    fileField(result),
    scanner(result),
    result,
  );
}
