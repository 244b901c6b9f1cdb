// One page: loaded, looked at by each check, left again.
import { checkAxe } from "./check_axe.mjs";
import { checkForms } from "./check_forms.mjs";
import { checkKeyboard } from "./check_keyboard.mjs";
import { checkViewport, setWidth, WIDTHS } from "./check_viewport.mjs";
import { Console } from "./check_console.mjs";
import { UNSAFE } from "./pages.mjs";
import { takeScreenshots } from "./screenshots.mjs";

const LOAD_MS = 30_000, QUIET_MS = 500, QUIET_WAIT_MS = 5000, STAY_QUIET_MS = 100, STAY_WAIT_MS = 1000, PAGE_MS = 60_000, LINKS_MAX = 500;

// In the page.
function readLinks(max) {
  return [...document.links].slice(0, max).map((a) => ({
    href: String(a.href).slice(0, 2048), text: String(a.textContent).trim().slice(0, 200) }));
}

// The answer; null where none is shown: a file to keep, or no content.
async function load(page, url, reach) {
  const response = await page.goto(url, { waitUntil: "load", timeout: LOAD_MS }).catch((error) => {
    if (/^net::ERR_ABORTED/.test(error.message)) return null;
    throw error;
  });
  await page.waitForNetworkIdle({ idleTime: QUIET_MS, timeout: QUIET_WAIT_MS }).catch(() => {});
  reach.stay();
  await page.waitForNetworkIdle({ idleTime: STAY_QUIET_MS, timeout: STAY_WAIT_MS }).catch(() => {});
  return response;
}

async function look(page, url, { reach, door, judgements, lines, folder, mayPress }) {
  reach.begin();
  const heard = new Console(page, (place) => reach.isOwn(place));
  await setWidth(page, WIDTHS.at(-1));
  const response = await load(page, url, reach);
  const status = response?.status() ?? 0, final = page.url();
  const type = response?.headers()["content-type"] ?? "";
  if (!/^(text\/html|application\/xhtml\+xml)\b/i.test(type)) return { status, final, html: false, links: [] };
  const links = await page.evaluate(readLinks, LINKS_MAX);
  const seen = { judgements, url: final, isWhole: reach.isWhole(), mayPress, unsafe: UNSAFE };
  heard.judge(seen);
  await checkAxe(page, seen);
  await checkViewport(page, seen);
  if (folder) await takeScreenshots(page, lines, folder);
  await setWidth(page, WIDTHS.at(-1));
  await checkKeyboard(page, seen);
  await checkForms(page, seen, { reach, door }); // the last one: pages are not the same afterwards
  return { status, final, html: true, links };
}

// folder: where screenshots go; without it there are none. What a page keeps busy is left behind.
export async function visit(chromium, url, means) {
  const page = await chromium.newPage(means.agent);
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`not done within ${PAGE_MS / 1000} s`)), PAGE_MS);
  });
  try {
    return await Promise.race([look(page, url, means), late]);
  } finally {
    clearTimeout(timer);
    await chromium.leave(page);
    means.door.unshut();
  }
}

// robots.txt of the origin, as the browser gets it: {status, text}; status 0 without an answer.
export async function fetchRobots(chromium, origin, { reach, agent }) {
  const page = await chromium.newPage(agent);
  try {
    reach.begin();
    const response = await page.goto(`${origin}/robots.txt`, { timeout: LOAD_MS });
    return { status: response.status(), text: await response.text() };
  } catch {
    return { status: 0, text: "" };
  } finally {
    await chromium.leave(page);
  }
}
