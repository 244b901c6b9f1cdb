// UI-01: nobody has to scroll sideways, on a phone, a tablet or a desk (WCAG 1.4.10, Reflow).

export const WIDTHS = [320, 768, 1440];
const HEIGHT = 900, SETTLE_MS = 150, ELEMENTS_MAX = 3;

const FINDING = {
  title: "Pages must be scrolled sideways", severity: "low", category: "accessibility",
  description: "At this width content lies beyond the right edge: with a phone, or with large type, each " +
    "line has to be chased from side to side.",
  standards: [{ std: "WCAG", id: "1.4.10" }], confidence: "high", cwe_id: null,
  remediation: "Let layouts shrink and wrap (max-width: 100%, flexible tracks, overflow-wrap); give wide " +
    "tables a scroll area of their own",
  references: ["https://www.w3.org/WAI/WCAG21/Understanding/reflow"],
};

// In the page: how far it can be scrolled sideways, and what lies beyond the edge.
function measure(elementsMax) {
  const root = document.scrollingElement ?? document.documentElement;
  const before = [window.scrollX, window.scrollY];
  window.scrollTo({ left: 1e6, top: before[1], behavior: "instant" });
  const scrolled = window.scrollX;
  window.scrollTo({ left: before[0], top: before[1], behavior: "instant" });
  const name = (e) => e.localName + (e.id ? `#${e.id}` : "") +
    (typeof e.className === "string" && e.className ? "." + e.className.trim().split(/\s+/)[0] : "");
  const beyond = scrolled <= 1 ? [] : [...document.querySelectorAll("body *")].slice(0, 5000)
    .map((e) => [e, e.getBoundingClientRect().right + before[0]])
    .filter(([, right]) => right > root.clientWidth + 1)
    .sort((a, b) => b[1] - a[1]).slice(0, elementsMax)
    .map(([e, right]) => `${name(e).slice(0, 80)} ends at ${Math.round(right)} px`);
  return { scrolled, beyond };
}

export async function setWidth(page, width) {
  await page.setViewport({ width, height: HEIGHT });
  await new Promise((done) => setTimeout(done, SETTLE_MS));
}

export async function checkViewport(page, { judgements, url, isWhole }) {
  if (!isWhole) return judgements.notTested("UI-01", "other_origins");
  for (const width of WIDTHS) {
    await setWidth(page, width);
    const { scrolled, beyond } = await page.evaluate(measure, ELEMENTS_MAX);
    if (scrolled > 1)
      judgements.fault("UI-01", FINDING, {
        url, width, note: `at ${width} px it scrolls ${Math.round(scrolled)} px sideways: ${beyond.join(", ")}`,
      });
  }
  judgements.pass("UI-01");
}
