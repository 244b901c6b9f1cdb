// What the checks saw on all pages, one judgement a check: a fault weighs more than a pass, a pass
// more than what could not be tested, that more than what does not apply.

const INSTANCES_MAX = 20;
const RANK = { failed: 3, passed: 2, not_tested: 1, skipped: 0 };
const SEVERITIES = ["critical", "high", "medium", "low", "info"];

export class Judgements {
  #all = new Map();

  constructor(planned) {
    for (const id of planned) this.#all.set(id, { status: "skipped", reason: "not_applicable" });
  }

  #raise(id, status, reason) {
    const judgement = this.#all.get(id);
    if (judgement && RANK[status] > RANK[judgement.status]) Object.assign(judgement, { status, reason });
  }

  pass(id) {
    this.#raise(id, "passed");
  }

  notTested(id, reason) {
    this.#raise(id, "not_tested", reason);
  }

  // finding: title, severity, … as in a finding line; instance: where, with url.
  fault(id, finding, instance) {
    const judgement = this.#all.get(id);
    if (!judgement) return;
    this.#raise(id, "failed");
    judgement.instances ??= [];
    judgement.count = (judgement.count ?? 0) + 1;
    if (judgement.instances.length < INSTANCES_MAX) judgement.instances.push(instance);
    if (!judgement.finding || this.#isGraver(finding, judgement.finding)) judgement.finding = finding;
  }

  // Places of a check with faults that were counted and are not shown.
  more(id, count) {
    const judgement = this.#all.get(id);
    if (judgement?.count) judgement.count += count;
  }

  #isGraver(one, other) {
    const by = SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity);
    return by < 0 || (by === 0 && other.confidence === "low" && one.confidence !== "low");
  }

  tell(lines, component) {
    for (const [id, { status, reason, finding, instances, count }] of this.#all) {
      const evidence = instances && {
        summary: `${count} ${count === 1 ? "place" : "places"}; ${instances[0].note}`,
        instances, instance_count: count, reproduce: finding.reproduce,
      };
      lines.check({ id, status, reason, component },
        finding && { ...finding, reproduce: undefined, evidence });
    }
  }
}
