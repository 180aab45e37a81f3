// Prints each finding as a line of JSON. The package's own command needs a newer Node.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [modules, config, ...files] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const { HtmlValidate } = require("html-validate");
const validator = new HtmlValidate(JSON.parse(readFileSync(config, "utf8")));
for (const file of files) {
  const report = await validator.validateString(readFileSync(file, "utf8"), file);
  for (const { ruleId, message, line, column } of report.results.flatMap((one) => one.messages)) {
    console.log(JSON.stringify({ file, rule: ruleId, message, line, column }));
  }
}
