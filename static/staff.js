// The box in which a record is searched for (select2) does not say what is searched for. Those boxes
// are made when jQuery says that the page is ready: so this waits in the same line, behind them.
window.django?.jQuery?.(() => {
  for (const list of document.querySelectorAll("select.admin-autocomplete[id]")) {
    const box = list.parentElement.querySelector(".select2-selection");
    const [label] = list.labels;
    if (!box || !label) continue;
    const shown = box.querySelector(".select2-selection__rendered");
    label.id ||= `${list.id}_label`;
    shown.setAttribute("aria-labelledby", label.id);
    box.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
  }
});
