// Signing in with a passkey, and adding one. A form with data-heard-passkey is shown where the browser knows passkeys;
// sending it asks the server what to ask the device, asks the device, and sends on what that said.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

async function fromDevice(way, asked) {
  const publicKey = { ...asked, challenge: bytes(asked.challenge) };
  if (way === "add") {
    publicKey.user = { ...asked.user, id: bytes(asked.user.id) };
    publicKey.excludeCredentials = known(asked.excludeCredentials);
    return navigator.credentials.create({ publicKey });
  }
  publicKey.allowCredentials = known(asked.allowCredentials);
  return navigator.credentials.get({ publicKey });
}

function said(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  const { id, type } = credential;
  return JSON.stringify({ id, rawId: id, type, response, clientExtensionResults: {} });
}

async function send(form) {
  const why = form.querySelector("[data-heard-why]");
  why.textContent = "";
  const answer = await fetch(form.dataset.heardAsk, { method: "POST", body: new FormData(form) });
  const asked = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    why.textContent = asked.why || "That did not work. Load the page again.";
    return;
  }
  try {
    form.elements.credential.value = said(await fromDevice(form.dataset.heardPasskey, asked.options));
  } catch {
    why.textContent = "Your device did not give a passkey. Try again, or use your password.";
    return;
  }
  form.elements.ask.value = asked.ask;
  form.submit();
}

for (const form of document.querySelectorAll("[data-heard-passkey]")) {
  const named = !/^(\d+\.){3}\d+$|:/.test(location.hostname); // a number has no passkeys
  form.hidden = !window.PublicKeyCredential || !named;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}
