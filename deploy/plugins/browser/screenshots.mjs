// What the page looks like, at each width, as files of the task.
import fs from "node:fs";
import path from "node:path";
import { setWidth, WIDTHS } from "./check_viewport.mjs";

const BYTES_MAX = 1 << 20; // of one file; what the runner keeps
const SCALES = [1, 0.5, 0.25];

// The largest that fits.
async function shoot(page, width) {
  const { height } = page.viewport();
  for (const scale of SCALES) {
    const png = await page.screenshot({ type: "png", clip: { x: 0, y: 0, width, height, scale } });
    if (png.length <= BYTES_MAX) return png;
  }
  return null;
}

export async function takeScreenshots(page, lines, folder) {
  for (const width of WIDTHS) {
    await setWidth(page, width);
    const png = await shoot(page, width);
    if (!png) continue;
    const name = `page-${width}.png`;
    fs.writeFileSync(path.join(folder, name), png);
    lines.artifact(name, "image/png", png.length);
  }
}
