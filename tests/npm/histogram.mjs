// histogram.mjs RANK...: what HdrHistogram's own port says of the whole numbers on standard input.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";

const load = createRequire(path.join(process.env.NODE_PATH, "nothing.js"));
const { build } = load("hdr-histogram-js");
const histogram = build({ lowestDiscernibleValue: 1, highestTrackableValue: 60000000, numberOfSignificantValueDigits: 3 });
for (const word of readFileSync(0, "utf8").split("\n")) if (word) histogram.recordValue(Number(word));
for (const rank of process.argv.slice(2)) console.log(histogram.getValueAtPercentile(Number(rank)));
