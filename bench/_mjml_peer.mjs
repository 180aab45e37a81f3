// Times npm's mjml on one file, warmed up, rounds one after the other: prints CPU milliseconds as JSON.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [modules, file, rounds] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const loaded = require("mjml");
const mjml2html = loaded.default ?? loaded;
const source = readFileSync(file, "utf8");
const options = { validationLevel: "skip", keepComments: true, fonts: {}, minify: false };
const times = [];
let bytes = 0;
for (let round = 0; round < Number(rounds) + 3; round += 1) {
  const start = process.cpuUsage();
  const { html } = await mjml2html(source, options);
  const { user, system } = process.cpuUsage(start);
  bytes = html.length;
  if (round >= 3) times.push((user + system) / 1000);
}
console.log(JSON.stringify({ times, bytes }));
