// Builds everything the browser loads into src/guixiao/web/static/build (git-ignored, travels in the wheel).
//   npm run build            once, and prints what a first load weighs
//   npm run watch            again on every change
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { PurgeCSS } from "purgecss";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const out = join(root, "src/guixiao/web/static/build");
const FIRST_LOAD_LIMIT = 150 * 1024;
// Old WebViews are common on teachers' phones.
const target = ["chrome87", "safari15", "firefox91"];

/** Every file below `folder` whose name ends in one of `endings`. */
async function filesBelow(folder, endings) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !path.includes("/static/build/"));
}

/** Tags and class names a template really uses. Words in prose must not keep a rule alive. */
function usedIn(text) {
  const tags = [...text.matchAll(/<([a-z][a-z0-9]*)/g)].map((match) => match[1]);
  const classes = [...text.matchAll(/class=["']([^"']*)["']/g)]
    .flatMap((match) => match[1].replace(/{%.*?%}|{{.*?}}/g, " ").split(/\s+/))
    .filter((name) => name && !name.startsWith("gx-"));
  return { tags, classes, ids: [], attributes: { names: ["type", "hidden"], values: [] }, undetermined: [] };
}

/** Tabler, reduced to the element defaults and the classes that occur in a template. */
async function tablerSubset() {
  const [templates, css] = await Promise.all([
    filesBelow(join(root, "src"), [".html"]),
    readFile(join(root, "node_modules/@tabler/core/dist/css/tabler.min.css"), "utf8"),
  ]);
  const [result] = await new PurgeCSS().purge({
    content: templates,
    css: [{ raw: css }],
    defaultExtractor: usedIn,
    safelist: { standard: ["html", "body", "input", "textarea", "select", "button", "dialog"] },
    blocklist: [/data-bs-theme=dark/, /^dark$/],
    variables: true,
    keyframes: true,
    fontFace: true,
  });
  return result.css;
}

/** Lets main.css say `@import "tabler-subset"`. */
const tablerPlugin = {
  name: "tabler-subset",
  setup(build) {
    build.onResolve({ filter: /^tabler-subset$/ }, () => ({ path: "tabler", namespace: "tabler" }));
    build.onLoad({ filter: /.*/, namespace: "tabler" }, async () => ({
      contents: await tablerSubset(),
      loader: "css",
      resolveDir: root,
    }));
  },
};

/** One <symbol> an icon; `name` is an outline icon, `name:filled` a filled one. */
async function sprite() {
  const names = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const symbols = await Promise.all(
    names.map(async (name) => {
      const [base, kind = "outline"] = name.split(":");
      const file = join(root, "node_modules/@tabler/icons/icons", kind, `${base}.svg`);
      if (!existsSync(file)) throw new Error(`icons.json: there is no ${kind} icon called ${base}`);
      const body = (await readFile(file, "utf8")).match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
      const paths = body.replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "").replace(/\s+/g, " ");
      const paint =
        kind === "filled"
          ? 'fill="currentColor"'
          : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
      const id = kind === "filled" ? `${base}-filled` : base;
      return `<symbol id="${id}" viewBox="0 0 24 24"><g ${paint}>${paths.trim()}</g></symbol>`;
    }),
  );
  await writeFile(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

/** htmx comes with django-htmx; find it only to weigh it. */
function htmxSize() {
  const script = "import django_htmx,pathlib;print(pathlib.Path(django_htmx.__file__).parent)";
  for (const python of [join(root, ".venv/bin/python"), "python3"]) {
    try {
      const folder = execFileSync(python, ["-c", script], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      return join(folder.trim(), "static/django_htmx/htmx-2.min.js");
    } catch {
      // The next interpreter may have it.
    }
  }
  return null;
}

async function weigh() {
  const files = ["app.css", "app.js", "icons.svg"].map((name) => join(out, name));
  const htmx = htmxSize();
  if (htmx && existsSync(htmx)) files.push(htmx);
  else console.log("  htmx (about 16 KB) is not counted: django-htmx is not installed here");
  let total = 0;
  for (const file of files) {
    const size = gzipSync(await readFile(file), { level: 9 }).length;
    total += size;
    console.log(`  ${(size / 1024).toFixed(1).padStart(6)} KB  ${relative(out, file).split("/").pop()}`);
  }
  console.log(`  ${(total / 1024).toFixed(1).padStart(6)} KB  a teacher's first load, compressed (limit 150 KB)`);
  if (total > FIRST_LOAD_LIMIT) throw new Error("a teacher's first load is heavier than 150 KB");
}

const options = {
  entryPoints: [
    { in: join(here, "js/main.js"), out: "app" },
    { in: join(here, "css/main.css"), out: "app" },
  ],
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target,
  legalComments: "none",
  logLevel: "warning",
  plugins: [tablerPlugin],
};

async function copyStatics() {
  await sprite();
  await cp(join(here, "img"), out, { recursive: true });
  const worker = await esbuild.build({
    entryPoints: [join(here, "sw.js")], bundle: true, minify: true, write: false, format: "iife", target,
  });
  await writeFile(join(out, "sw.js"), worker.outputFiles[0].text);
}

async function main() {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await copyStatics();
  if (process.argv.includes("--watch")) {
    const context = await esbuild.context({ ...options, sourcemap: "inline", logLevel: "info" });
    await context.watch();
    return;
  }
  await esbuild.build(options);
  await weigh();
}

await main();
