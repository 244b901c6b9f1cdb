// WCAG A and AA by axe-core: each rule is a check, A11Y-<rule>.
import { createRequire } from "node:module";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
const SEVERITIES = { critical: "high", serious: "medium", moderate: "low", minor: "info" };
const NODES_MAX = 5, TEXT_MAX = 240;

export const axe = createRequire(import.meta.url)("axe-core");
export const AXE_RULES = axe.getRules(TAGS).map((rule) => `A11Y-${rule.ruleId}`);

// In the page: axe's answer, cut to what is told.
async function run(tags, nodesMax, textMax) {
  const answer = await window.axe.run(document, {
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations"],
  });
  const cut = (text) => String(text ?? "").replace(/\bvalue="[^"]*"/g, 'value="…"').slice(0, textMax);
  return {
    passes: answer.passes.map((rule) => rule.id),
    incomplete: answer.incomplete.map((rule) => rule.id),
    violations: answer.violations.map((rule) => ({
      id: rule.id, impact: rule.impact, help: cut(rule.help), description: cut(rule.description),
      helpUrl: cut(rule.helpUrl), tags: rule.tags.slice(0, 40), count: rule.nodes.length,
      nodes: rule.nodes.slice(0, nodesMax).map((node) => ({
        element: cut(node.target?.flat().join(" ")), html: cut(node.html),
        note: cut(node.failureSummary?.replace(/\s+/g, " ")),
      })),
    })),
  };
}

// "wcag143" is 1.4.3, "wcag1410" 1.4.10.
function standards(tags) {
  return tags.map((tag) => /^wcag(\d)(\d)(\d+)$/.exec(tag)).filter(Boolean)
    .map(([, ...numbers]) => ({ std: "WCAG", id: numbers.join(".") }));
}

function findingOf(rule, url, isWhole) {
  return {
    title: rule.help, description: rule.description, severity: SEVERITIES[rule.impact] ?? "low",
    category: "accessibility", confidence: isWhole ? "high" : "low", cwe_id: null,
    standards: standards(rule.tags), remediation: rule.help, references: [rule.helpUrl],
    reproduce: `npx @axe-core/cli --rules ${rule.id} '${url.replaceAll("'", "%27")}'`,
  };
}

export async function checkAxe(page, { judgements, url, isWhole }) {
  for (const frame of page.frames()) await frame.evaluate(axe.source).catch(() => {});
  const answer = await page.evaluate(run, TAGS, NODES_MAX, TEXT_MAX);
  for (const rule of answer.violations) {
    const finding = findingOf(rule, url, isWhole);
    for (const node of rule.nodes) judgements.fault(`A11Y-${rule.id}`, finding, { url, ...node });
    judgements.more(`A11Y-${rule.id}`, rule.count - rule.nodes.length);
  }
  for (const id of answer.passes) judgements.pass(`A11Y-${id}`);
  for (const id of answer.incomplete) judgements.notTested(`A11Y-${id}`, "needs_review");
}
