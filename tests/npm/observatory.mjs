// observatory.mjs HOST HTTPS_PORT HTTP_PORT: the modifiers that MDN's HTTP Observatory gives the
// page, as one JSON object {name: modifier}. Its own scan() takes no ports, so its parts are joined.
import { pathToFileURL } from "node:url";
import path from "node:path";

const root = path.join(process.env.NODE_PATH, "@mdn/mdn-http-observatory/src");
const part = (name) => import(pathToFileURL(path.join(root, name)));
const { retrieve } = await part("retriever/retriever.js");
const { ALL_TESTS } = await part("constants.js");
const { getScoreModifier } = await part("grader/grader.js");

const [host, httpsPort, httpPort] = process.argv.slice(2);
const seen = await retrieve(host, { httpsPort, httpPort });
const modifiers = {};
for (const test of ALL_TESTS) {
  const output = test(seen);
  modifiers[output.constructor.name] = getScoreModifier(output.result);
}
console.log(JSON.stringify(modifiers));
process.exit(0);
