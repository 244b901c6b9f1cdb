// The lines of the agent contract, numbered and counted. Knows neither browser nor checks.

const SEVERITIES = ["critical", "high", "medium", "low", "info"];
const STATUSES = ["passed", "failed", "skipped", "error", "not_tested"];

export class Lines {
  #seq = 0;
  #planned = 0;
  #checks = Object.fromEntries(STATUSES.map((status) => [status, 0]));
  #findings = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0]));
  #write;

  constructor(write) {
    this.#write = write;
  }

  #say(type, members) {
    const line = { v: 1, type, ts: new Date().toISOString(), seq: ++this.#seq, ...members };
    this.#write(JSON.stringify(line) + "\n");
  }

  hello(name, version, tools) {
    this.#say("hello", { name, version, tools });
  }

  plan(checks) {
    this.#planned = checks.length;
    this.#say("plan", { checks, skipped: [] });
  }

  progress(phase, done, total, requests) {
    this.#say("progress", { phase, done, total, requests });
  }

  log(level, message) {
    this.#say("log", { level, message });
  }

  artifact(name, mediaType, bytes) {
    this.#say("artifact", { name, media_type: mediaType, bytes });
  }

  // finding only with status "failed".
  check({ id, status, reason, component }, finding) {
    this.#checks[status]++;
    this.#say("check", { id, status, component, reason });
    if (!finding) return;
    this.#findings[finding.severity]++;
    this.#say("finding", { check_id: id, component, ...finding });
  }

  #summary() {
    const found = SEVERITIES.filter((severity) => this.#findings[severity] > 0)
      .map((severity) => `${this.#findings[severity]} ${severity}`);
    const measured = this.#checks.passed + this.#checks.failed;
    return `${found.join(", ") || "Nothing found"}; ${measured} of ` +
      `${this.#planned - this.#checks.skipped} applicable checks measured`;
  }

  // summary: a sentence, or undefined for the counts in words.
  result(status, { reason, summary, data } = {}) {
    const measured = this.#checks.passed + this.#checks.failed;
    const applicable = this.#planned - this.#checks.skipped;
    this.#say("result", {
      status, reason, summary: summary ?? this.#summary(),
      counts: { checks: this.#planned, ...this.#checks },
      coverage: applicable > 0 ? measured / applicable : undefined, data,
    });
  }
}
