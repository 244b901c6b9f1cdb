// UI-03: the Tab key reaches what can be used, one sees where it is, and nothing holds it.

const TABS_MAX = 50, STUCK = 3;
const COMMON = { category: "accessibility", confidence: "high", cwe_id: null, references: [] };
const TRAP = { ...COMMON, severity: "medium", title: "The keyboard is trapped",
  description: "Neither Tab, nor Shift and Tab, nor Escape leads away: who uses no mouse is stuck there.",
  standards: [{ std: "WCAG", id: "2.1.2" }], remediation: "Let Tab and Escape leave every element" };
const DEAD = { ...COMMON, severity: "medium", title: "The keyboard reaches nothing",
  description: "The page has links, fields or buttons, and Tab leads to none of them.",
  standards: [{ std: "WCAG", id: "2.1.1" }], remediation: "Use elements that take focus, and leave the Tab key alone" };
const UNSEEN = { ...COMMON, severity: "low", confidence: "medium", title: "One does not see where the keyboard is",
  description: "An element looks the same with and without focus.",
  standards: [{ std: "WCAG", id: "2.4.7" }], remediation: "Give :focus-visible an outline" };

// In the page: remembers how everything looks without focus; how many elements Tab should reach.
function prepare() {
  const PROPERTIES = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "backgroundColor",
    "backgroundImage", "borderColor", "borderWidth", "color", "textDecorationLine", "opacity", "transform",
    "visibility", "height", "width", "content"];
  const look = (e) => [undefined, "::before", "::after"].map((part) => {
    const style = getComputedStyle(e, part);
    return PROPERTIES.map((property) => style[property]).join("|");
  }).join("\n");
  const looks = (e) => {
    const all = [];
    for (let up = e, i = 0; up && i < 4; up = up.parentElement, i++) all.push(look(up));
    return all.join("\n\n");
  };
  const STOPS = "a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex],[contenteditable]";
  const stops = [...document.querySelectorAll(STOPS)].slice(0, 300)
    .filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true }) &&
      !e.closest("[inert]"));
  document.activeElement?.blur?.();
  window.__before = new WeakMap(stops.map((e) => [e, looks(e)]));
  window.__looks = looks;
  return stops.length;
}

// In the page: where the focus is, and whether one sees it. Elements with stops of their own inside
// may hold it for several Tabs.
function where() {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  window.__ids ??= new WeakMap();
  if (!window.__ids.has(e)) window.__ids.set(e, (window.__last = (window.__last ?? 0) + 1));
  const before = window.__before.get(e);
  return {
    id: window.__ids.get(e), html: e.cloneNode(false).outerHTML.replace(/\bvalue="[^"]*"/g, 'value="…"').slice(0, 200),
    many: !!e.shadowRoot || e.localName.includes("-") ||
      e.matches("iframe,video,audio,object,embed,input[type=date],input[type=time],input[type=month]," +
        "input[type=week],input[type=datetime-local]"),
    unseen: before !== undefined && before === window.__looks(e),
  };
}

async function press(page, key, shift) {
  if (shift) await page.keyboard.down("Shift");
  await page.keyboard.press(key);
  if (shift) await page.keyboard.up("Shift");
  return page.evaluate(where);
}

// Whether nothing leads away from the element of that id.
async function isTrapped(page, id) {
  if ((await press(page, "Tab", true))?.id !== id) return false;
  await press(page, "Escape");
  return (await press(page, "Tab"))?.id === id;
}

export async function checkKeyboard(page, { judgements, url, isWhole }) {
  if (!isWhole) return judgements.notTested("UI-03", "other_origins");
  const stops = await page.evaluate(prepare);
  if (stops === 0) return;
  const unseen = new Map();
  let stuck = 0, last = null, reached = 0;
  for (let tabs = 0; tabs < TABS_MAX; tabs++) {
    const at = await press(page, "Tab");
    if (!at && last) break; // around once
    if (at) reached++;
    if (at?.unseen) unseen.set(at.id, at.html);
    stuck = at && at.id === last?.id && !at.many ? stuck + 1 : 0;
    if (stuck >= STUCK && stops > 1 && await isTrapped(page, at.id)) {
      judgements.fault("UI-03", TRAP, { url, html: at.html, note: `held at ${at.html}` });
      break;
    }
    last = at;
  }
  if (reached === 0) judgements.fault("UI-03", DEAD, { url, note: `${stops} elements, none reached` });
  for (const html of unseen.values())
    judgements.fault("UI-03", UNSEEN, { url, html, note: `no sign of focus at ${html}` });
  judgements.pass("UI-03");
}
