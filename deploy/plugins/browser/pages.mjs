// Which pages come next: the target, then what it and they link to, in the order of finding.

const QUEUED_MAX = 1000, SAME_PATH_MAX = 4;
export const UNSAFE = /(log|sign)[\s_.+-]*(out|off)|delete|remove|destroy|erase|purge|drop|unsubscrib|deactivate|disable|cancel|revoke|reset|uninstall/i;
const NO_PAGE = /\.(avi|bz2|css|csv|docx?|exe|gif|gz|ico|iso|jpe?g|js|json|mp[34]|pdf|png|pptx?|svg|tar|txt|webm|webp|woff2?|xlsx?|xml|zip)$/i;

export class Pages {
  #queue = [];
  #known = new Set();
  #paths = new Map();
  #isOwn;
  #mayCrawl = () => true;
  #isBarred;
  left = { robots: 0, unsafe: 0, excluded: 0 };

  // isBarred: what the task's client wants nobody to visit.
  constructor(target, isOwn, isBarred) {
    this.#isOwn = isOwn;
    this.#isBarred = isBarred;
    this.#put(new URL(target));
  }

  obey(mayCrawl) {
    this.#mayCrawl = mayCrawl;
  }

  #put(url) {
    url.hash = "";
    if (this.#known.has(url.href) || this.#known.size >= QUEUED_MAX) return;
    this.#known.add(url.href);
    this.#queue.push(url.href);
  }

  // links: {href, text} as a page has them.
  add(links) {
    for (const { href, text } of links) {
      const url = URL.canParse(href) ? new URL(href) : null;
      if (!url || !this.#isOwn(href) || NO_PAGE.test(url.pathname)) continue;
      url.hash = "";
      if (this.#known.has(url.href)) continue;
      if (this.#isBarred(href)) this.left.excluded++;
      else if (UNSAFE.test(decodeURISafely(url.href)) || UNSAFE.test(text)) this.left.unsafe++;
      else if (!this.#mayCrawl(url.pathname + url.search)) this.left.robots++;
      else if ((this.#paths.get(url.pathname) ?? 0) < SAME_PATH_MAX) {
        this.#paths.set(url.pathname, (this.#paths.get(url.pathname) ?? 0) + 1);
        this.#put(url);
      }
    }
  }

  next() {
    return this.#queue.shift();
  }

  // A page that another led to by a redirect is not visited again.
  seen(href) {
    const url = new URL(href);
    url.hash = "";
    this.#known.add(url.href);
    this.#queue = this.#queue.filter((queued) => queued !== url.href);
  }
}

function decodeURISafely(text) {
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
}
