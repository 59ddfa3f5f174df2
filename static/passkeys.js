// Passkeys (WebAuthn, level 3): what the browser makes of a form's options is sent with the form.
// A form that asks for one shows itself only where the browser can answer.
const can = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);

const options = async (form) => {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  const answer = await fetch(form.dataset.begin, { method: "POST", headers });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}`);
  return answer.json();
};

const ask = async (form) => {
  const { publicKey } = await options(form);
  if (form.dataset.passkey === "get") {
    const request = PublicKeyCredential.parseRequestOptionsFromJSON(publicKey);
    return navigator.credentials.get({ publicKey: request });
  }
  const selection = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
  publicKey.authenticatorSelection = { ...publicKey.authenticatorSelection, ...selection };
  const creation = PublicKeyCredential.parseCreationOptionsFromJSON(publicKey);
  return navigator.credentials.create({ publicKey: creation });
};

const send = async (event) => {
  event.preventDefault();
  const form = event.target;
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    form.elements.credential.value = JSON.stringify(await ask(form));
    form.submit();
  } catch {
    failed.hidden = false;
    failed.setAttribute("role", "alert");
  }
};

for (const form of can ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", send);
}
for (const words of can ? document.querySelectorAll("[data-passkey-missing]") : []) words.hidden = true;
for (const part of can ? document.querySelectorAll("[data-passkey-works]") : []) part.hidden = false;
