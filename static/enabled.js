// Says that scripts run before anything is drawn, so that nothing jumps. Loaded without defer.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
