#!/usr/bin/env node
// The order of work: read the task, start the browser behind its door, visit pages, tell.
import { Lines } from "./lines.mjs";
import { BadTask, readTask } from "./task.mjs";
import { Door } from "./door.mjs";
import { Reach } from "./reach.mjs";
import { Pages } from "./pages.mjs";
import { readRobots } from "./robots.mjs";
import { Judgements } from "./judgements.mjs";
import { Chromium } from "./chromium.mjs";

const NAME = "browser", VERSION = "1.0.0", PRODUCT = "agnostic-qa";
const PAGES_MAX = 10;
const EXIT = { ran: 0, bad_task: 64, not_available: 69 };

const lines = new Lines((line) => process.stdout.write(line));

class NotAvailable extends Error {
  constructor(reason, message) {
    super(message);
    this.reason = reason;
  }
}

// What npm installs. check_axe.mjs and visit.mjs need it too, and so are loaded here.
async function modules() {
  try {
    const { default: puppeteer } = await import("puppeteer-core");
    const { axe, AXE_RULES } = await import("./check_axe.mjs");
    return { puppeteer, axe, planned: [...AXE_RULES, "UI-01", "UI-02", "UI-03", "UI-04"], ...await import("./visit.mjs") };
  } catch (error) {
    throw new NotAvailable("modules_missing",
      `puppeteer-core and axe-core are not installed beside the plug-in (${error.code ?? error.message})`);
  }
}

async function startChromium(puppeteer, port, folder) {
  try {
    return await Chromium.start(puppeteer, port, folder);
  } catch (error) {
    throw new NotAvailable("browser_not_started", `Chromium does not start: ${String(error.message).slice(0, 500)}`);
  }
}

class Survey {
  visited = [];
  failed = [];

  constructor(task, loaded, judgements) {
    this.task = task;
    this.loaded = loaded;
    this.judgements = judgements;
    this.door = new Door(task.host, task.ports, task.ips);
    this.reach = new Reach(task.origins, task);
    this.pages = new Pages(task.url, (url) => this.reach.isOwn(url),
      (url) => !task.crawl || this.reach.isExcluded(url));
  }

  async run() {
    const { puppeteer, fetchRobots } = this.loaded;
    this.chromium = await startChromium(puppeteer, await this.door.open(), this.task.workdir);
    this.version = await this.chromium.browser.version();
    await this.reach.guard(this.chromium.browser);
    const means = { reach: this.reach, door: this.door, judgements: this.judgements, lines, agent: `${PRODUCT}/${VERSION}`,
      mayPress: this.task.safe };
    if (!await this.#visit({ ...means, folder: this.task.workdir })) return;
    const { status, text } = await fetchRobots(this.chromium, new URL(this.visited[0]).origin, means);
    this.robotsStatus = status;
    this.pages.obey(readRobots(status, text, PRODUCT));
    this.pages.add(this.links);
    while (this.visited.length + this.failed.length < PAGES_MAX && await this.#visit(means));
  }

  // The next page; false when there is none, or the first could not be had.
  async #visit(means) {
    const url = this.pages.next();
    if (!url) return false;
    lines.progress("pages", this.visited.length, PAGES_MAX, this.reach.requests);
    try {
      const { final, status, html, links } = await this.loaded.visit(this.chromium, url, means);
      this.pages.seen(final);
      this.status ??= status;
      if (html) this.visited.push(final);
      if (this.links) this.pages.add(links);
      this.links ??= links;
      return this.visited.length > 0;
    } catch (error) {
      const why = String(error?.message ?? error).slice(0, 300);
      lines.log("warn", `${url}: ${why}`);
      this.failed.push({ url, why });
      return this.visited.length > 0;
    }
  }

  data() {
    const { axe } = this.loaded;
    return {
      pages: this.visited, pages_failed: this.failed, robots_status: this.robotsStatus ?? null,
      left: this.pages.left, requests: this.reach.requests,
      refused: { ...this.reach.refused, at_the_door: Object.fromEntries(this.door.refused) },
      browser: this.version ?? null, axe: axe.version, sandboxed: this.chromium?.sandboxed ?? null,
    };
  }
}

// interrupted: null, "deadline" or "stopped".
function conclude(survey, interrupted) {
  const { failed, visited, task } = survey;
  if (visited.length > 0) survey.judgements.tell(lines, task.origin);
  const data = survey.data();
  if (interrupted) lines.result("partial", { reason: interrupted, data });
  else if (visited.length === 0 && failed.length > 0)
    lines.result("failed", { reason: "target_unavailable", summary: failed[0].why, data });
  else if (visited.length === 0) {
    survey.judgements.tell(lines, task.origin);
    lines.result("completed", { summary: "The target is no HTML page: there is nothing to look at", data });
  } else if (failed.length > 0) lines.result("partial", { reason: "pages_failed", data });
  else lines.result("completed", { data });
}

// Resolves to why the run ends before it is done.
function interruption(endsAt) {
  return new Promise((end) => {
    setTimeout(end, Math.max(0, Math.min(endsAt - Date.now(), 2 ** 31 - 1)), "deadline").unref();
    process.on("SIGTERM", () => end("stopped"));
  });
}

async function main() {
  const task = readTask();
  if (!task.url) throw new NotAvailable("no_target", "The task has no target_url");
  if (task.ips.length === 0) throw new NotAvailable("no_address", "The task names no address of its target");
  const loaded = await modules();
  const judgements = new Judgements(loaded.planned);
  const survey = new Survey(task, loaded, judgements);
  const ended = interruption(task.endsAt);
  lines.plan(loaded.planned);
  try {
    conclude(survey, await Promise.race([survey.run().then(() => null), ended]));
  } finally {
    survey.chromium?.kill();
  }
}

try {
  lines.hello(NAME, VERSION, { node: process.versions.node });
  await main();
  process.exit(EXIT.ran);
} catch (error) {
  if (error instanceof BadTask) {
    process.stderr.write(`${NAME}: bad task: ${error.message}\n`);
    process.exit(EXIT.bad_task);
  }
  if (!(error instanceof NotAvailable)) throw error;
  lines.result("not_available", { reason: error.reason, summary: error.message });
  process.exit(EXIT.not_available);
}
