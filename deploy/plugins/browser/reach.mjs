// What a page may ask for: the target's own origin but for what is excluded, by methods that change
// nothing, at the rate and up to the number that the policy permits. What is refused is counted, and not the site's fault.
import { setTimeout as pause } from "node:timers/promises";

const HARMLESS = ["GET", "HEAD", "OPTIONS"];
const LOCAL = ["data:", "blob:", "about:"];
const ORIGINS_NAMED = 20;

export class Reach {
  #origins;
  #active;
  #excludes;
  #intervalMs;
  #left;
  #next = 0;
  requests = 0;
  refused = { origins: {}, methods: 0, excluded: 0, over_limit: 0 };

  constructor(origins, { active, excludes, maxRps, maxRequests }) {
    this.#origins = origins;
    this.#active = active;
    this.#excludes = excludes;
    this.#intervalMs = 1000 / maxRps;
    this.#left = maxRequests;
  }

  isOwn(url) {
    return this.#origins.includes(originOf(url));
  }

  isExcluded(url) {
    return this.#excludes(new URL(url).pathname);
  }

  // Why this request may not leave, or null.
  #objection(request) {
    if (!this.isOwn(request.url())) return "origin";
    if (this.isExcluded(request.url())) return "excluded";
    if (!this.#active && !HARMLESS.includes(request.method())) return "method";
    return this.#left > 0 ? null : "limit";
  }

  #count(objection, url) {
    const { origins } = this.refused;
    const origin = originOf(url);
    if (objection === "method") this.refused.methods++;
    else if (objection === "excluded") this.refused.excluded++;
    else if (objection === "limit") this.refused.over_limit++;
    else if (origin in origins || Object.keys(origins).length < ORIGINS_NAMED)
      origins[origin] = (origins[origin] ?? 0) + 1;
  }

  // Each request waits for its turn.
  async #turn() {
    const now = Date.now();
    this.#left--;
    this.requests++;
    this.#next = Math.max(this.#next + this.#intervalMs, now);
    if (this.#next > now) await pause(this.#next - now);
  }

  // From now on the page's requests are judged; a set that fills with those that were refused.
  async guard(page) {
    const refused = new Set();
    await page.setRequestInterception(true);
    page.on("request", async (request) => {
      try {
        if (LOCAL.includes(new URL(request.url()).protocol)) return await request.continue();
        const objection = this.#objection(request);
        if (!objection) {
          await this.#turn();
          return await request.continue();
        }
        refused.add(request);
        this.#count(objection, request.url());
        await request.abort("blockedbyclient");
      } catch {
        // The page was closed meanwhile.
      }
    });
    return refused;
  }
}

function originOf(url) {
  try {
    return new URL(url).origin;
  } catch {
    return "null";
  }
}

// The page is not what its visitors see when we kept these from it.
export function isWhole(refused) {
  return ![...refused].some((request) =>
    ["script", "stylesheet", "xhr", "fetch"].includes(request.resourceType()));
}
