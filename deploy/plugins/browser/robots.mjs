// What a site asks crawlers to leave alone (RFC 9309). Only 2xx and 4xx let anything be crawled.

const BYTES_MAX = 500 << 10, RULES_MAX = 1000;

function groupsOf(text) {
  const groups = [];
  let group = null, isOpen = false;
  for (const line of text.slice(0, BYTES_MAX).split(/\r\n|\r|\n/)) {
    const [, name, value] = /^\s*([A-Za-z-]+)\s*:\s*([^#]*?)\s*(?:#.*)?$/.exec(line) ?? [];
    const field = name?.toLowerCase();
    if (field === "user-agent") {
      if (!isOpen) groups.push((group = { agents: [], rules: [] }));
      group.agents.push(value.toLowerCase());
      isOpen = true;
    } else if (field === "allow" || field === "disallow") {
      isOpen = false;
      if (value && group && group.rules.length < RULES_MAX)
        group.rules.push({ allow: field === "allow", pattern: value });
    }
  }
  return groups;
}

// Without regular expressions: a hostile pattern costs no more than its length times the path's.
function matches(pattern, path) {
  const anchored = pattern.endsWith("$");
  const parts = (anchored ? pattern.slice(0, -1) : pattern).split("*");
  if (!path.startsWith(parts[0])) return false;
  let at = parts[0].length;
  for (const part of parts.slice(1, -1)) {
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  if (parts.length === 1) return !anchored || at === path.length;
  const last = parts.at(-1);
  return anchored ? path.length - last.length >= at && path.endsWith(last) : path.indexOf(last, at) >= 0;
}

// A function that tells of a path with its query whether the crawl may go there.
export function readRobots(status, text, product) {
  if (status >= 400 && status < 500) return () => true;
  if (status < 200 || status >= 300) return () => false;
  const groups = groupsOf(text);
  const named = groups.filter((group) => group.agents.includes(product));
  const rules = (named.length > 0 ? named : groups.filter((group) => group.agents.includes("*")))
    .flatMap((group) => group.rules);
  return (path) => {
    const best = rules.filter((rule) => matches(rule.pattern, path))
      .reduce((a, b) => !a || b.pattern.length > a.pattern.length ||
        (b.pattern.length === a.pattern.length && b.allow) ? b : a, null);
    return best?.allow ?? true;
  };
}
