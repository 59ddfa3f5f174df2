// The map of lights and grids: another way to answer the question in the list below it.
// What is chosen here is chosen there, so the same form is sent and checked.
import "./build/leaflet.js";

const { L } = window;
const FARTHEST = 14;
const DETAIL = 17;
const NEAREST = 20;
const BEGIN = 19; // lights of one street do not touch each other
const TILE = 512; // pixels: boxes are whole squares, so that a browser asks for each only once
const REACH = 40; // pixels: how far from the cross Enter chooses
const LISTED = 30;

const root = document.querySelector("[data-portal-map]");
const { url, kind, noun, latitude, longitude, tiles, attribution } = root.dataset;
const frame = root.querySelector(".portal-map__frame");
const status = document.getElementById("map-status");
const count = document.getElementById("map-count");
const form = root.closest("form");
const radios = form.querySelector(".govuk-radios");
const notListed = radios.querySelector('input[value="not-listed"]');
const shown = new Map(); // markers on the map by the feature's id
const names = L.layerGroup();
let features = [];
let mark = null;
let asked = null;

root.hidden = false;
const canvas = frame.appendChild(document.createElement("div"));
const cross = frame.appendChild(document.createElement("div"));
cross.className = "portal-map__cross";
const map = L.map(canvas, {
  center: [Number(latitude), Number(longitude)],
  zoom: BEGIN,
  minZoom: FARTHEST,
  maxZoom: NEAREST,
  attributionControl: Boolean(attribution),
  zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  inertia: false,
});
map.attributionControl?.setPrefix(false);
if (tiles) L.tileLayer(tiles, { attribution, maxZoom: NEAREST }).addTo(map);
names.addTo(map);
canvas.setAttribute("aria-label", "Map. Arrow keys move it, plus and minus zoom");
canvas.setAttribute("role", "application");

const place = (feature) => L.latLng(feature.geometry.coordinates[1], feature.geometry.coordinates[0]);
const chosen = () => radios.querySelector("input:checked")?.value;

function box() {
  const size = (TILE * 360) / 256 / 2 ** map.getZoom();
  const bounds = map.getBounds();
  const down = (degrees) => Math.floor(degrees / size) * size;
  const edges = [down(bounds.getWest()), down(bounds.getSouth() / 0.6) * 0.6];
  edges.push(down(bounds.getEast()) + size, (down(bounds.getNorth() / 0.6) + size) * 0.6);
  return edges.map((edge) => edge.toFixed(6)).join(",");
}

async function load() {
  asked?.abort();
  asked = new AbortController();
  const query = new URLSearchParams({ kind, zoom: map.getZoom(), box: box() });
  try {
    const answer = await fetch(`${url}?${query}`, { signal: asked.signal });
    if (!answer.ok) throw new Error(answer.status);
    draw(await answer.json());
  } catch (error) {
    if (error.name !== "AbortError") {
      status.textContent = `We could not load the map. Choose the ${noun} from the list.`;
    }
  }
}

function draw(collection) {
  // The nearest first, also for who goes from one to the next with the keyboard.
  const middle = map.getCenter();
  features = collection.features.sort(
    (a, b) => middle.distanceTo(place(a)) - middle.distanceTo(place(b)),
  );
  const ids = new Set(features.map((feature) => feature.id));
  for (const [id, marker] of shown) {
    if (!ids.has(id)) {
      marker.remove();
      shown.delete(id);
    }
  }
  for (const feature of features) if (!shown.has(feature.id)) add(feature);
  nameStreets();
  list();
  const inView = features.filter((feature) => map.getBounds().contains(place(feature)));
  const number = inView.reduce((sum, feature) => sum + (feature.properties.number ?? 1), 0);
  let words = `${number || "No"} ${noun}${number === 1 ? "" : "s"} on this part of the map.`;
  if (!number) words += " Move it, or zoom out.";
  if (map.getZoom() < DETAIL) words += " Zoom in to choose one.";
  if (collection.more) words += " Zoom in to see more.";
  count.textContent = words;
}

function icon(feature) {
  const { number, plate, reportable } = feature.properties;
  const done = reportable === false ? " portal-map__asset--done" : "";
  const picked = feature.id === chosen() ? " portal-map__asset--chosen" : "";
  const className = number ? "portal-map__cluster" : `portal-map__asset${done}${picked}`;
  const text = document.createElement("span");
  text.textContent = number ?? plate;
  const size = number ? 38 : 30;
  return L.divIcon({ className, html: text, iconSize: [size, size] });
}

function add(feature) {
  const marker = L.marker(place(feature), { icon: icon(feature), riseOnHover: true });
  marker.feature = feature;
  marker.on("click", () => pick(feature));
  marker.on("keydown", ({ originalEvent }) => {
    if (originalEvent.key !== "Enter" && originalEvent.key !== " ") return;
    originalEvent.preventDefault();
    pick(feature);
  });
  marker.addTo(map);
  shown.set(feature.id, marker);
  label(marker);
}

function label(marker) {
  const { number, name, hint } = marker.feature.properties;
  const words = number ? `${number} ${noun}s. Zoom in` : [name, hint].filter(Boolean).join(". ");
  marker.getElement().setAttribute("aria-label", words);
  marker.getElement().title = words;
}

function redraw() {
  for (const marker of shown.values()) {
    const focused = marker.getElement() === document.activeElement;
    marker.setIcon(icon(marker.feature));
    label(marker);
    if (focused) marker.getElement().focus();
  }
}

function nameStreets() {
  names.clearLayers();
  for (const street of new Set(features.map((feature) => feature.properties.street))) {
    if (!street) continue; // clusters have none
    const there = features.filter((feature) => feature.properties.street === street);
    const text = document.createElement("span");
    text.textContent = street;
    const middle = L.latLngBounds(there.map(place)).getCenter();
    const words = L.divIcon({ className: "portal-map__street", html: text, iconAnchor: [0, 34] });
    L.marker(middle, { icon: words, interactive: false, keyboard: false }).addTo(names);
  }
}

// The list below the map: those nearest to its middle, and what was chosen.
function list() {
  if (map.getZoom() < DETAIL) return;
  const middle = map.getCenter();
  const kept = radios.querySelector("input:checked");
  const near = features
    .filter((feature) => feature.properties.reportable)
    .slice(0, LISTED);
  for (const input of radios.querySelectorAll("input")) {
    if (input !== kept && input !== notListed) input.parentElement.remove();
  }
  const before = radios.querySelector(".govuk-radios__divider") ?? notListed.parentElement;
  for (const feature of near) {
    const metres = Math.round(middle.distanceTo(place(feature)));
    const hint = `About ${metres} metres from the middle of the map. ${feature.properties.hint}`;
    if (feature.id !== kept?.value) before.before(option(feature, hint));
  }
}

function option(feature, hint) {
  const item = notListed.parentElement.cloneNode(true);
  const input = item.querySelector("input");
  const words = item.querySelector("label");
  input.id = `asset-${feature.id}`;
  input.value = feature.id;
  input.checked = false;
  words.htmlFor = input.id;
  words.textContent = feature.properties.name;
  if (hint) {
    const more = item.appendChild(document.createElement("div"));
    more.className = "govuk-hint govuk-radios__hint";
    more.id = `${input.id}-hint`;
    more.textContent = hint;
    input.setAttribute("aria-describedby", more.id);
  }
  return item;
}

function pick(feature) {
  const { number, name, hint, reportable } = feature.properties;
  if (number) {
    map.setView(place(feature), Math.min(map.getZoom() + 2, DETAIL));
    return;
  }
  if (!reportable) {
    status.textContent = `${name}. ${hint} It needs no report.`;
    return;
  }
  const there = [...radios.querySelectorAll("input")].find((input) => input.value === feature.id);
  const input = there ?? radios.insertBefore(option(feature, hint), radios.firstChild).querySelector("input");
  input.checked = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  status.textContent = `You chose ${name}. ${hint}`;
}

function showMark(point) {
  mark?.remove();
  const icon = L.divIcon({ className: "portal-map__mark", html: "×", iconSize: [30, 30] });
  mark = L.marker(point, { icon, interactive: false, keyboard: false }).addTo(map);
}

function markAt(point) {
  notListed.checked = true;
  form.elements.latitude.value = point.lat.toFixed(6);
  form.elements.longitude.value = point.lng.toFixed(6);
  showMark(point);
  redraw();
  status.textContent = `You marked a place. We will ask you to describe where the ${noun} is.`;
}

function atCross() {
  const middle = map.latLngToContainerPoint(map.getCenter());
  const near = features
    .map((feature) => [middle.distanceTo(map.latLngToContainerPoint(place(feature))), feature])
    .sort(([a], [b]) => a - b)[0];
  if (near && near[0] <= REACH) pick(near[1]);
  else markAt(map.getCenter());
}

radios.addEventListener("change", () => {
  if (chosen() !== "not-listed") {
    mark?.remove();
    mark = null;
    form.elements.latitude.value = form.elements.longitude.value = "";
  }
  redraw();
});
canvas.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  // Enter would send the form; on a marker or a control it is theirs.
  if (event.target === canvas) {
    event.preventDefault();
    atCross();
  }
});
map.on("click", (event) => markAt(event.latlng));
map.on("moveend", load);
document.getElementById("map-mark").addEventListener("click", () => markAt(map.getCenter()));
document.getElementById("map-locate").addEventListener("click", () => {
  status.textContent = "Looking for where you are.";
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => map.setView([coords.latitude, coords.longitude], BEGIN),
    () => {
      status.textContent = "Your browser did not tell us where you are. Move the map instead.";
    },
    { timeout: 10_000 },
  );
});
if (form.elements.latitude.value) {
  const at = L.latLng(Number(form.elements.latitude.value), Number(form.elements.longitude.value));
  showMark(at);
  map.setView(at);
}
load();
