/* Passkeys: a form with data-passkey asks the browser for one and is sent with its answer.

   data-passkey="create" or "get"; data-question: where the server's question comes from, as JSON.
   The button is hidden until the browser can do it; [data-passkey-failed] tells when it did not. */

const bytes = (text) => Uint8Array.from(
  atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const known = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

const create = async ({ publicKey }) => {
  const made = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: known(publicKey.excludeCredentials),
    },
  });
  return answer(made, {
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  });
};

const get = async ({ publicKey }) => {
  const found = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: known(publicKey.allowCredentials),
    },
  });
  const { authenticatorData, signature, userHandle } = found.response;
  return answer(found, {
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  });
};

const answer = (credential, response) => ({
  id: credential.id,
  rawId: text(credential.rawId),
  type: credential.type,
  authenticatorAttachment: credential.authenticatorAttachment,
  clientExtensionResults: credential.getClientExtensionResults(),
  response: { clientDataJSON: text(credential.response.clientDataJSON), ...response },
});

const ceremony = async (form) => {
  const asked = await fetch(form.dataset.question, { headers: { Accept: "application/json" } });
  if (!asked.ok) throw new Error("no question");
  const question = await asked.json();
  const credential = await (form.dataset.passkey === "create" ? create : get)(question);
  form.elements.credential.value = JSON.stringify(credential);
  form.submit();
};

const able = window.isSecureContext && "credentials" in navigator && "PublicKeyCredential" in window;

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  if (!able) return;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const failed = form.querySelector("[data-passkey-failed]");
    failed.hidden = true;
    ceremony(form).catch(() => (failed.hidden = false));
  });
});
