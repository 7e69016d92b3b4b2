/* Small comforts, each bound to a data- attribute. Every page works without this file. */

const LONGEST_WAIT = 30_000;

/* data-auto-submit on a form of filters: choosing is asking. Typing still needs Enter or the button. */
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-auto-submit]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) {
    form.requestSubmit();
  }
});

/* Empty filters stay out of the address, so that it can be read and shared. */
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-auto-submit]")) return;
  const emptied = [...event.target.elements].filter((field) => field.name && field.value === "" && !field.disabled);
  emptied.forEach((field) => (field.disabled = true));
  setTimeout(() => emptied.forEach((field) => (field.disabled = false)), 0);
});

/* data-confirm="id" on a form asks in that dialog before sending; data-opens="id" on a link or button
   opens it. Without script the form is sent, or the link leads to a page that asks the same. */
let waiting = null;

document.addEventListener("submit", (event) => {
  const form = event.target;
  const dialog = form.dataset.confirm && document.getElementById(form.dataset.confirm);
  if (!dialog?.showModal || form === waiting?.form) {
    waiting = null;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  waiting = { form, sender: event.submitter };
  dialog.addEventListener("close", () => { if (!dialog.returnValue) waiting = null; }, { once: true });
  dialog.returnValue = "";
  dialog.showModal();
}, true);

document.addEventListener("click", (event) => {
  const confirms = event.target.closest?.("[data-confirms]");
  if (confirms) {
    const asked = waiting;
    confirms.closest("dialog").close("confirmed");
    if (asked) asked.form.requestSubmit(asked.sender);
    return;
  }
  const opener = event.target.closest?.("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog?.showModal) {
    event.preventDefault();
    dialog.showModal();
  }
});

/* data-copy="id": copies the text of that element. The button is hidden until it can work. */
const offerCopy = (root) => {
  if (!navigator.clipboard) return;
  root.querySelectorAll("[data-copy]").forEach((button) => (button.hidden = false));
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  const source = button && document.getElementById(button.dataset.copy);
  if (!source) return;
  await navigator.clipboard.writeText(source.textContent.trim());
  const word = button.querySelector("span");
  const before = word.textContent;
  word.setAttribute("role", "status");
  word.textContent = button.dataset.copied;
  setTimeout(() => (word.textContent = before), 2_000);
});

/* data-poll="address": asks again and replaces the element, until the answer no longer says data-poll.
   Waits longer after each failure and while nobody is looking. The link beside it does the same. */
const poll = (element, pause = 1_500) => {
  setTimeout(async () => {
    if (!element.isConnected) return;
    if (document.hidden) return poll(element, pause);
    try {
      const answer = await fetch(element.dataset.poll, { headers: { "HX-Request": "true" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = element.id ? page.getElementById(element.id) : page.body.firstElementChild;
      if (!fresh) return window.location.reload();
      element.replaceWith(fresh);
      if (fresh.dataset.poll) poll(fresh);
    } catch {
      poll(element, Math.min(pause * 2, LONGEST_WAIT));
    }
  }, pause);
};

/* data-focus: an error summary takes the focus, so that it is read out and scrolled to. */
const wake = (root) => {
  offerCopy(root);
  root.querySelectorAll("[data-poll]").forEach((element) => poll(element));
  root.querySelector("[data-focus]")?.focus();
};

/* One open menu at a time; Escape and a click elsewhere close it. */
const openMenus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  openMenus().forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

/* htmx: a lost line or a failed server is said in words, and what was typed stays where it is. */
const say = (id) => {
  const place = document.getElementById("messages");
  const words = document.getElementById(id);
  if (!place || !words) return;
  place.replaceChildren(words.content.cloneNode(true));
  place.scrollIntoView({ block: "nearest" });
};
["htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, () => say("line-lost")));
document.addEventListener("htmx:responseError", () => say("server-failed"));
document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) wake(event.target); });

wake(document);
