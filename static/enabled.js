// Says what works here before anything is drawn, so that nothing jumps. Loaded without defer.
// Where a script does not come, nothing waits for it: the page is as without scripts.
const names = ["js-enabled"];
if ("noModule" in HTMLScriptElement.prototype) names.push("govuk-frontend-supported");
if (window.PublicKeyCredential?.parseRequestOptionsFromJSON) names.push("passkeys-work");
document.body.classList.add(...names);
const without = ({ target }) => target.type === "module" && document.body.classList.remove(...names);
addEventListener("error", without, { capture: true });
