// UI-04: a form that is not filled in says so: what its fields demand is demanded, and what it says of
// an error belongs to the field. Its button is pressed while a field is invalid; nothing is filled in,
// and while buttons are pressed nothing leaves the browser.
import { setTimeout as pause } from "node:timers/promises";

const FORMS_MAX = 5, LOOKED_AT_MAX = 50, SETTLE_MS = 300, PRESSING_MS = 10_000;
const COMMON = { category: "accessibility", severity: "low", cwe_id: null };
const UNCHECKED = { ...COMMON, category: "functional", confidence: "high",
  title: "A form is sent though its fields are not valid", standards: [],
  description: "The page says what a field must hold, and sends the form without it: nobody is told what is missing.",
  remediation: "Leave novalidate and form.submit() out (requestSubmit() checks), or check before sending",
  references: ["https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constraints"] };
const APART = { ...COMMON, confidence: "medium", title: "What is wrong with a field is not said of the field",
  standards: [{ std: "WCAG", id: "3.3.1" }],
  description: "The error is shown beside the field and tied to none: a screen reader at the field says nothing of it.",
  remediation: "Point to the text by aria-describedby or aria-errormessage, or announce it by role=alert",
  references: ["https://www.w3.org/WAI/WCAG21/Techniques/aria/ARIA21"] };

// In the page: presses the form's button, if it is not valid as it stands; null: there is nothing to press.
async function press(form, settleMs, unsafe) {
  const UNSAFE = new RegExp(unsafe, "i");
  const settle = () => new Promise((done) => setTimeout(done, settleMs));
  const own = (name) => Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, name).get.call(form); // fields may have that name
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const name = (e) => e.localName + (e.getAttribute("id") ? `#${e.getAttribute("id")}`
    : e.getAttribute("name") ? `[name=${e.getAttribute("name")}]` : "");
  const texts = () => {
    const found = new Map(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode() && found.size < 5000)
      if (walk.currentNode.data.trim() && shown(walk.currentNode.parentElement))
        found.set(walk.currentNode, walk.currentNode.data);
    return found;
  };
  const changed = (before) => [...texts()].filter(([node, text]) => before.get(node) !== text)
    .map(([node]) => node.parentElement);
  const announced = (e) => !!e.closest("[role=alert],[role=status],[role=alertdialog],[aria-live=polite],[aria-live=assertive],output");
  const referred = (field) => ["aria-describedby", "aria-errormessage", "aria-labelledby"]
    .flatMap((each) => (field.getAttribute(each) ?? "").split(/\s+/)).filter(Boolean)
    .map((id) => document.getElementById(id)).filter(Boolean).concat([...(field.labels ?? [])]);

  const fields = [...own("elements")], wrong = fields.filter((e) => e.willValidate && shown(e) && !e.validity.valid);
  const button = fields.find((e) => e.type === "submit" && !e.disabled && shown(e));
  if (!button || wrong.length === 0) return null;
  const action = button.hasAttribute("formaction") ? button.formAction : own("action");
  if (UNSAFE.test(`${action} ${button.textContent} ${button.value}`)) return null;

  const first = texts();
  await settle();
  const restless = new Set(changed(first)), before = texts(); // a clock says nothing of the form
  let checked = false;
  window.addEventListener("invalid", () => { checked = true; }, { capture: true, once: true });
  button.click();
  await settle();
  const still = wrong.filter((e) => e.isConnected && !e.validity.valid);
  const fresh = changed(before).filter((e) => !restless.has(e));
  const tied = (field) => referred(field).some((e) => e.textContent.trim() && shown(e) && (fresh.length === 0 ||
    fresh.some((text) => e.contains(text))));
  const marked = still.filter((e) => e.getAttribute("aria-invalid") === "true");
  const apart = fresh.some(announced) ? []
    : new Set([...(fresh.length > 0 && !still.some(tied) ? still : []), ...marked.filter((field) => !tied(field))]);
  return { form: name(form), action, checked, shows: fresh.length + marked.length > 0,
    fields: still.map(name).slice(0, 5), apart: [...apart].map(name).slice(0, 5) };
}

const placeOf = (url) => url.split(/[?#]/, 1)[0];

// sent: whether the browser was about to load what the form leads to.
function judge(seen, sent, judgements, url) {
  const { form, fields, apart } = seen;
  if (!sent && !seen.checked && !seen.shows) return; // scripts took it, and nothing shows what they made of it
  if (sent && fields.length > 0)
    judgements.fault("UI-04", UNCHECKED, { url, note: `${form} is sent with ${fields.join(", ")} as it must not be` });
  else if (apart.length > 0)
    judgements.fault("UI-04", APART, { url, note: `${form}: nothing tells ${apart.join(", ")} what is wrong` });
  judgements.pass("UI-04");
}

async function pressAll(page, { judgements, url, unsafe }, reach) {
  const forms = await page.evaluateHandle((max) => [...document.querySelectorAll("form")].slice(0, max), LOOKED_AT_MAX);
  let pressed = 0;
  for (const form of (await forms.getProperties()).values()) {
    if (pressed === FORMS_MAX) break;
    reach.takeHeld();
    const seen = await form.evaluate(press, SETTLE_MS, unsafe.source);
    if (!seen) continue;
    pressed++;
    judge(seen, reach.takeHeld().some((held) => placeOf(held) === placeOf(seen.action)), judgements, url);
  }
}

// mayPress: the task permits more than looking.
export async function checkForms(page, seen, { reach, door }) {
  const { judgements, isWhole, mayPress } = seen;
  if (!isWhole) return judgements.notTested("UI-04", "other_origins");
  if (!mayPress) return judgements.notTested("UI-04", "mode");
  reach.hold();
  door.shut();
  try {
    const busy = pause(PRESSING_MS, "busy", { ref: false });
    if (await Promise.race([pressAll(page, seen, reach), busy])) judgements.notTested("UI-04", "page_busy");
  } catch (error) {
    if (!/context was destroyed|detached/i.test(error.message)) throw error;
    judgements.notTested("UI-04", "page_left");
  }
}
