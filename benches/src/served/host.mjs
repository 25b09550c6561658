// A host that starts as cal.com's does: it reads every app's manifest, copies every app's static files, and loads a module for
// each app. Then it listens, and answers from what it has.
import { copyFileSync, createReadStream, existsSync, mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const [root, destination] = process.argv.slice(2);
const require = createRequire(import.meta.url);

/** The folders of the apps, relative to the root. */
function folders() {
  const below = (folder) => readdirSync(join(root, folder)).map((name) => join(folder, name));
  return [...below("."), ...below("templates")].filter((folder) => manifestOf(folder));
}

/** An app's manifest: of these two, the first that there is. */
function manifestOf(folder) {
  const paths = ["config.json", "metadata.derived.json"].map((name) => join(root, folder, name));
  return paths.find((path) => existsSync(path));
}

function copy(folder) {
  const from = join(root, folder, "static");
  if (!existsSync(from)) return;
  for (const file of readdirSync(from, { recursive: true })) {
    if (statSync(join(from, file)).isDirectory()) continue;
    const to = join(destination, "app-store", folder, file);
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(join(from, file), to);
  }
}

const handlers = new Map();
for (const folder of folders()) {
  const manifest = JSON.parse(readFileSync(manifestOf(folder), "utf8"));
  copy(folder);
  const handler = require(join(root, folder, "bench-module.cjs"));
  for (const name of [manifest.slug, folder]) handlers.set(name, handler);
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  const handler = handlers.get(pathname.split("/")[3]);
  if (pathname.startsWith("/api/integrations/") && handler) return handler(request, response);
  const file = join(destination, pathname);
  if (!existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { "content-length": statSync(file).size });
  createReadStream(file).pipe(response);
});
server.listen(0, "127.0.0.1", () => {
  console.log(`listening 127.0.0.1:${server.address().port}`);
  console.log("ready");
});
