// Builds what pages load into static/build/: styles, GOV.UK Frontend, Leaflet. Run: npm run build
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile, NodePackageImporter } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const build = join(here, "build");
const frontend = join(here, "..", "node_modules", "govuk-frontend", "dist", "govuk");

rmSync(build, { recursive: true, force: true });
mkdirSync(build);
const styles = (name) =>
  compile(join(here, name), {
    style: "compressed",
    quietDeps: true,
    importers: [new NodePackageImporter(here)],
    loadPaths: [join(here, "..", "node_modules")],
  }).css;
// The royal coat of arms is not the council's to show.
const own = styles("portal.scss").replaceAll('url("./assets/images/govuk-crest.svg")', "none");
writeFileSync(join(build, "portal.css"), own);
// Leaflet's own pictures are not used: markers are words and numbers.
writeFileSync(join(build, "map.css"), styles("map.scss").replaceAll(/url\([^)]*\)/g, "none"));
// Source maps are not served, so nothing may name them.
for (const [from, name] of [
  [frontend, "govuk-frontend.min.js"],
  [join(here, "..", "node_modules", "leaflet", "dist"), "leaflet.js"],
]) {
  const script = readFileSync(join(from, name), "utf8");
  writeFileSync(join(build, name), script.replace(/\/\/# sourceMappingURL=.*/, ""));
}
