// UI-04: a form that is not filled in says so: what its fields demand is demanded, and what it says of
// an error belongs to the field. Its button is pressed while a field is invalid; nothing is filled in,
// and what would be sent is held back.

const FORMS_MAX = 5, SETTLE_MS = 300;
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

// In the page: presses the button of each form that is not valid as it stands.
async function press(formsMax, settleMs, unsafe) {
  const UNSAFE = new RegExp(unsafe, "i");
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const name = (e) => e.localName + (e.id ? `#${e.id}` : e.name ? `[name=${e.name}]` : "");
  const invalid = (form) => [...form.elements].filter((e) => e.willValidate && shown(e) && !e.validity.valid);
  const texts = (root) => {
    const found = new Map(), walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walk.nextNode() && found.size < 5000)
      if (walk.currentNode.data.trim() && shown(walk.currentNode.parentElement))
        found.set(walk.currentNode, walk.currentNode.data);
    return found;
  };
  const announced = (e) => !!e.closest("[role=alert],[role=status],[role=alertdialog],[aria-live=polite],[aria-live=assertive],output");
  const referred = (field) => ["aria-describedby", "aria-errormessage", "aria-labelledby"]
    .flatMap((each) => (field.getAttribute(each) ?? "").split(/\s+/)).filter(Boolean)
    .map((id) => document.getElementById(id)).filter(Boolean).concat([...(field.labels ?? [])]);

  // What would be sent is held back, and noted: by the browser itself, or by scripts past its checks.
  let sent = null;
  const onSubmit = (event) => {
    sent = { form: event.target, handled: !!event.target.onsubmit };
    event.preventDefault();
    event.preventDefault = () => { sent.handled = true; };
  };
  window.addEventListener("submit", onSubmit, true);
  HTMLFormElement.prototype.submit = function submit() { sent = { form: this, handled: false }; };

  const results = [];
  for (const form of [...document.forms]) {
    if (results.length === formsMax) break;
    const button = [...form.elements].find((e) => e.type === "submit" && !e.disabled && shown(e));
    const wrong = invalid(form);
    if (!button || wrong.length === 0 || UNSAFE.test(`${form.action} ${button.textContent} ${button.value}`)) continue;
    const before = texts(document.body);
    sent = null;
    button.click();
    await new Promise((done) => setTimeout(done, settleMs));
    const still = wrong.filter((e) => e.isConnected && !e.validity.valid);
    const fresh = [...texts(document.body)].filter(([node, text]) => before.get(node) !== text).map(([node]) => node.parentElement);
    const tied = (field) => referred(field).some((e) => e.textContent.trim() && shown(e) && (fresh.length === 0 ||
      fresh.some((text) => e.contains(text))));
    const marked = still.filter((e) => e.getAttribute("aria-invalid") === "true");
    if (sent?.handled && fresh.length === 0 && marked.length === 0) continue; // scripts took it, and nothing shows what they made of it
    results.push({
      form: name(form), fields: still.map(name).slice(0, 5),
      unchecked: still.length > 0 && sent?.form === form && !sent.handled,
      apart: [...new Set([...(fresh.length > 0 && !fresh.some(announced) && !still.some(tied) ? still : []),
        ...marked.filter((field) => !fresh.some(announced) && !tied(field))])].map(name).slice(0, 5),
    });
  }
  window.removeEventListener("submit", onSubmit, true);
  return results;
}

// mayPress: the task permits more than looking.
export async function checkForms(page, { judgements, url, isWhole, mayPress, unsafe }) {
  if (!isWhole) return judgements.notTested("UI-04", "other_origins");
  if (!mayPress) return judgements.notTested("UI-04", "mode");
  for (const { form, fields, unchecked, apart } of await page.evaluate(press, FORMS_MAX, SETTLE_MS, unsafe.source)) {
    if (unchecked)
      judgements.fault("UI-04", UNCHECKED, { url, note: `${form} is sent with ${fields.join(", ")} as it must not be` });
    else if (apart.length > 0)
      judgements.fault("UI-04", APART, { url, note: `${form}: nothing tells ${apart.join(", ")} what is wrong` });
    judgements.pass("UI-04");
  }
}
