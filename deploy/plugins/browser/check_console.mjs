// UI-02: what goes wrong while a page loads: uncaught errors, failed requests, errors in the console.

const NOTED_MAX = 50, TEXT_MAX = 300;
const COMMON = { category: "functional", confidence: "high", cwe_id: null, standards: [],
  remediation: "Open the page with the developer tools' console and network list, and mend what is red there",
  references: [] };
const SCRIPT = { ...COMMON, severity: "medium", title: "Scripts of pages fail",
  description: "An error that no script caught, or a promise whose failure nobody handled: what should have " +
    "happened after it did not." };
const FILE = { ...COMMON, severity: "medium", title: "Scripts or styles of pages are missing",
  description: "The page asks for a script or a style sheet that does not come." };
const REQUEST = { ...COMMON, severity: "low", title: "Requests of pages fail",
  description: "The page asks for something that does not come." };
const CONSOLE = { ...COMMON, severity: "low", title: "Pages write errors to the console",
  description: "The page itself, or the browser about it, reports an error." };

// What we kept from the page.
const OURS = /^net::ERR_BLOCKED_BY_CLIENT/;

// What only the browser asks for, whether or not the page names it.
const UNASKED = "/favicon.ico";

const cut = (text) => String(text ?? "").replace(/\s+/g, " ").slice(0, TEXT_MAX);

export class Console {
  #faults = [];
  #isOwn;

  // Listens to a page before it is loaded.
  constructor(page, isOwn) {
    this.#isOwn = isOwn;
    page.on("pageerror", (error) => this.#note(SCRIPT, true, cut(error?.message ?? error)));
    page.on("console", (message) => this.#hear(message));
    page.on("requestfailed", (request) => this.#fail(request, request.failure()?.errorText));
    page.on("response", (response) => {
      if (response.status() >= 400 && !response.request().isNavigationRequest())
        this.#fail(response.request(), `status ${response.status()}`);
    });
  }

  // ours: it may come of what we kept from the page.
  #note(finding, ours, note) {
    if (this.#faults.length < NOTED_MAX) this.#faults.push({ finding, ours, note });
  }

  // Lines about places that we refused are not the site's; the browser's own line about a request
  // that failed says nothing new.
  #hear(message) {
    const text = cut(message.text());
    const places = text.match(/\b(?:https?|wss?):\/\/[^\s'"<>]+/g) ?? [];
    const foreign = places.some((place) => !this.#isOwn(place.replace(/^ws/, "http")));
    if (message.type() === "error" && !foreign && !text.startsWith("Failed to load resource"))
      this.#note(CONSOLE, true, text);
  }

  #fail(request, why) {
    if (OURS.test(why) || why === "net::ERR_ABORTED" || !this.#isOwn(request.url()) ||
        new URL(request.url()).pathname === UNASKED) return;
    const heavy = ["script", "stylesheet"].includes(request.resourceType());
    this.#note(heavy ? FILE : REQUEST, false, cut(`${request.url()}: ${why}`));
  }

  // Called before anything of ours runs in the page.
  judge({ judgements, url, isWhole }) {
    const faults = this.#faults.filter(({ ours }) => isWhole || !ours);
    for (const { finding, note } of faults) judgements.fault("UI-02", finding, { url, note });
    if (isWhole) judgements.pass("UI-02");
    else judgements.notTested("UI-02", "other_origins");
    this.#faults = [];
  }
}
