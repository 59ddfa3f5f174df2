// Warns two minutes before somebody is signed out, and asks for more time where they want it.
// Windows of the same browser share one session: each tells the others when it ends.
const dialog = document.querySelector("dialog[data-session]");
const clocks = document.querySelectorAll("[data-session-clock]");
const others = new BroadcastChannel("session");
const WARN = 120_000;
const LATE = 2_000; // by then the server agrees that it is over
const time = { hour: "numeric", minute: "2-digit", hour12: true, timeZone: "Europe/London" };
let ends = 0;
let warned = false;

const left = () => ends - Date.now();

const show = (when) => {
  ends = when;
  const words = new Date(ends).toLocaleTimeString("en-GB", time).replace(" ", "");
  for (const clock of clocks) clock.textContent = words;
  if (left() > WARN) {
    warned = false;
    dialog.close();
  }
};

const renew = (seconds) => {
  show(Date.now() + seconds * 1000);
  others.postMessage(ends);
};

// Who is signed out is led to sign in, and from there back to this page.
const leave = () => location.replace(location.pathname + location.search);

const stay = async (event) => {
  event.preventDefault();
  const form = dialog.querySelector("form");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (!answer.ok || answer.redirected) return leave();
    renew((await answer.json()).seconds);
    dialog.close();
  } catch {
    // Without a connection it stays open, and the button can be pressed again.
  }
};

const look = () => {
  if (left() < -LATE) leave();
  if (left() > WARN || warned) return;
  warned = true;
  dialog.showModal();
};

others.onmessage = ({ data }) => show(data);
dialog.addEventListener("submit", stay);
dialog.addEventListener("cancel", stay); // Escape
renew(Number(dialog.dataset.session));
setInterval(look, 1000);
