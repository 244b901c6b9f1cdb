// What may leave the browser, whoever in it asks, a page, a pop-up, a worker: requests of the target's
// own origin but for what is excluded, by methods that change nothing, at the rate and up to the number
// that the policy permits. What is refused is counted, and not the site's fault. Sockets ask nobody
// here; the door is their bound.
import { setTimeout as pause } from "node:timers/promises";

const HARMLESS = ["GET", "HEAD", "OPTIONS"];
const LOCAL = ["data:", "blob:", "about:"];
const MAKERS = ["Script", "Stylesheet", "XHR", "Fetch"]; // without which a page is another
const ORIGINS_NAMED = 20, HELD_MAX = 100;
const NO_CONTENT = 204; // a browser stays where it is

export class Reach {
  #origins;
  #active;
  #excludes;
  #intervalMs;
  #left;
  #next = 0;
  #session;
  #whole = true;
  #stays = false;
  #held = null;
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

  // From now on.
  async guard(browser) {
    this.#session = await browser.target().createCDPSession();
    this.#session.on("Fetch.requestPaused", (paused) => {
      this.#judge(paused).catch(() => {}); // who asked has gone
    });
    await this.#session.send("Fetch.enable", { patterns: [{ urlPattern: "*" }] });
  }

  // A page is visited: nothing is kept from it so far, nothing held back.
  begin() {
    this.#whole = true;
    this.#stays = false;
    this.#held = null;
  }

  // Until the next begin() no document takes the place of what is shown: it is being looked at.
  stay() {
    this.#stays = true;
  }

  // The page is not what its visitors see when we kept something from it that makes it.
  isWhole() {
    return this.#whole;
  }

  // Until the next begin() nothing leaves at all.
  hold() {
    this.stay();
    this.#held = [];
  }

  // The addresses of documents that were to be loaded since hold() or the last call.
  takeHeld() {
    return this.#held.splice(0);
  }

  // Why this request may not leave, or null.
  #objection({ url, method }) {
    if (!this.isOwn(url)) return "origin";
    if (this.isExcluded(url)) return "excluded";
    if (!this.#active && !HARMLESS.includes(method)) return "method";
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

  async #judge({ requestId, request, resourceType }) {
    const answer = (what, words) => this.#session.send(`Fetch.${what}`, { requestId, ...words });
    if (LOCAL.includes(new URL(request.url).protocol)) return answer("continueRequest");
    const objection = this.#objection(request);
    if (!objection && !this.#held) await this.#turn(); // meanwhile more may be held back
    const isDocument = resourceType === "Document";
    if (this.#held && isDocument && this.#held.length < HELD_MAX) this.#held.push(request.url);
    if (this.#stays && isDocument) return answer("fulfillRequest", { responseCode: NO_CONTENT });
    if (this.#held) return answer("failRequest", { errorReason: "BlockedByClient" });
    if (!objection) return answer("continueRequest");
    this.#whole &&= !MAKERS.includes(resourceType);
    this.#count(objection, request.url);
    return answer("failRequest", { errorReason: "BlockedByClient" });
  }
}

function originOf(url) {
  try {
    return new URL(url).origin;
  } catch {
    return "null";
  }
}
