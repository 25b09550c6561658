// What an app store's dev server does at each start: of each app, copy the static folder's files, one after another.
const { copyFileSync, existsSync, mkdirSync, readdirSync } = require("node:fs");
const { join } = require("node:path");

const [apps, destination] = process.argv.slice(1);
for (const app of readdirSync(apps)) {
  const from = join(apps, app, "static");
  if (!existsSync(from)) continue;
  const to = join(destination, app);
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from)) {
    copyFileSync(join(from, file), join(to, file));
  }
}
