// The place of one report, for staff: what the page says in words, on a map.
import "./build/leaflet.js";

const { L } = window;
const NEAREST = 20;
const BEGIN = 18;
const DETAIL = 17; // from here on the answer names each light or grid
const AROUND = 250; // metres

const root = document.querySelector("[data-report-map]");
const { url, kind, noun, plate, latitude, longitude, tiles, attribution } = root.dataset;
const status = root.querySelector("[role=status]");
const place = L.latLng(Number(latitude), Number(longitude));
const others = document.querySelectorAll(".portal-report-map__list > li");

root.hidden = false;
const canvas = root.querySelector(".portal-map__frame").appendChild(document.createElement("div"));
const map = L.map(canvas, {
  center: place,
  zoom: BEGIN,
  minZoom: DETAIL,
  maxZoom: NEAREST,
  scrollWheelZoom: false,
  attributionControl: Boolean(attribution),
  zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  inertia: false,
});
map.attributionControl?.setPrefix(false);
if (tiles) L.tileLayer(tiles, { attribution, maxZoom: NEAREST }).addTo(map);
canvas.setAttribute("aria-label", "Map. Arrow keys move it, plus and minus zoom");
canvas.setAttribute("role", "application");

// Whatever has a marker is in the list below the map, which the keyboard reaches.
function mark(point, words, className, title, zIndexOffset) {
  const text = document.createElement("span");
  text.textContent = words;
  const icon = L.divIcon({ className, html: text, iconSize: [30, 30] });
  return L.marker(point, { icon, title, keyboard: false, zIndexOffset }).addTo(map);
}

async function showAround() {
  const bounds = place.toBounds(2 * AROUND);
  const edges = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  const query = new URLSearchParams({
    kind,
    zoom: DETAIL,
    box: edges.map((edge) => edge.toFixed(6)).join(","),
  });
  try {
    const answer = await fetch(`${url}?${query}`);
    if (!answer.ok) throw new Error(answer.status);
    const { features } = await answer.json();
    for (const { geometry, properties } of features) {
      const point = L.latLng(geometry.coordinates[1], geometry.coordinates[0]);
      if (point.distanceTo(place) < 1) continue; // the report's own
      mark(point, properties.plate, "portal-map__asset", properties.name, 0);
    }
    const number = features.length;
    status.textContent =
      "Green: this report. White: the numbers of the list below." +
      ` Blue: each ${noun} of the register, ${number} on this map.`;
  } catch {
    status.textContent = `We could not load the ${noun}s around it. Green: this report.`;
  }
}

others.forEach((item, index) => {
  const point = L.latLng(Number(item.dataset.latitude), Number(item.dataset.longitude));
  const link = item.querySelector("a");
  const marker = mark(point, index + 1, "portal-map__cluster", link.textContent, 500);
  marker.on("click", () => location.assign(link.href));
});
mark(place, plate || "×", "portal-map__mark", "This report", 1000);
showAround();
