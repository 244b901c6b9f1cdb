// The task line: what is to be tested, and within which limits.
import fs from "node:fs";
import { readBounds } from "./bounds.mjs";

const BYTES_MAX = 1 << 20, SPARE_MS = 8000, RUN_MS = 180_000;
const MAX_RPS = 5, MAX_REQUESTS = 1000; // where a task does not say

export class BadTask extends Error {}

// A site that answers http with its https is the same site.
function originsOf(url, target) {
  const origins = [url.origin];
  if (target.scheme === "http" && target.port === 80) origins.push(`https://${url.hostname}`);
  return origins;
}

export function readTask() {
  let task, url;
  try {
    task = JSON.parse(fs.readFileSync(0, "utf8").slice(0, BYTES_MAX));
    url = task.target && new URL(task.target.url);
  } catch (error) {
    throw new BadTask(error.message);
  }
  if (task?.type !== "task" || task.v !== 1) throw new BadTask("not a task of version 1");
  if (!url) return { url: null };
  const deadline = Date.parse(task.limits?.deadline ?? "") - SPARE_MS || Infinity;
  return {
    url: url.href, origin: url.origin, origins: originsOf(url, task.target),
    host: task.target.host.toLowerCase(), ips: task.target.ips ?? [],
    ports: task.target.port === 80 && url.protocol === "http:" ? [80, 443] : [task.target.port],
    excludes: readBounds(task.policy?.exclude ?? []), crawl: task.policy?.crawl ?? true,
    active: task.policy?.modes?.includes("active") ?? false,
    safe: task.policy?.modes?.includes("safe") ?? false,
    maxRps: task.policy?.max_rps ?? MAX_RPS, maxRequests: task.limits?.max_requests ?? MAX_REQUESTS,
    workdir: task.workdir ?? process.cwd(), endsAt: Math.min(deadline, Date.now() + RUN_MS),
  };
}
