// Builds what pages load into static/build/: portal.css, govuk-frontend.min.js. Run: npm run build
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile, NodePackageImporter } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const build = join(here, "build");
const frontend = join(here, "..", "node_modules", "govuk-frontend", "dist", "govuk");

rmSync(build, { recursive: true, force: true });
mkdirSync(build);
const { css } = compile(join(here, "portal.scss"), {
  style: "compressed",
  quietDeps: true,
  importers: [new NodePackageImporter(here)],
});
// The royal coat of arms is not the council's to show.
const own = css.replaceAll('url("./assets/images/govuk-crest.svg")', "none");
writeFileSync(join(build, "portal.css"), own);
// Its source map is not served, so nothing may name it.
const script = readFileSync(join(frontend, "govuk-frontend.min.js"), "utf8");
writeFileSync(
  join(build, "govuk-frontend.min.js"),
  script.replace(/\/\/# sourceMappingURL=.*/, ""),
);
