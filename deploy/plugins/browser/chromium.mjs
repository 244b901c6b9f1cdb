// Starts Chromium so that it reaches nothing but the door, and ends all of it.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const PLACES = ["/usr/lib/chromium/chromium", "/usr/bin/chromium", "/usr/bin/chromium-browser"];
const START_MS = 30_000, PROTOCOL_MS = 60_000, LEAVE_MS = 5000;
const NO_DOWNLOADS = { policy: "deny" };

function isProgram(place) {
  try {
    fs.accessSync(place, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findChromium() {
  return [process.env.CHROME_PATH, ...PLACES].find((place) => place && isProgram(place));
}

function flags(port, sandbox) {
  return [
    `--proxy-server=socks5://127.0.0.1:${port}`,
    "--proxy-bypass-list=<-loopback>", // a target on loopback too goes through the door
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", // where the door is
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-domain-reliability", "--no-pings", "--mute-audio",
    "--disable-features=AutofillServerCommunication",
    ...(sandbox ? [] : ["--no-sandbox"]),
  ];
}

export class Chromium {
  #process;
  #profile;

  // folder: for the profile. Its own sandbox is left out only where it cannot be had: root has none,
  // and some hosts grant no user namespaces; the runner's holds all the same.
  static async start(puppeteer, port, folder) {
    const executablePath = findChromium();
    const chromium = new Chromium();
    chromium.#profile = fs.mkdtempSync(path.join(folder, "profile-"));
    const launch = (sandbox) => puppeteer.launch({
      executablePath, pipe: true, headless: true, acceptInsecureCerts: true,
      userDataDir: chromium.#profile, args: flags(port, sandbox),
      timeout: START_MS, protocolTimeout: PROTOCOL_MS, downloadBehavior: NO_DOWNLOADS,
      handleSIGTERM: false, handleSIGHUP: false, handleSIGINT: false,
    });
    chromium.sandboxed = process.getuid() !== 0;
    chromium.browser = await launch(chromium.sandboxed).catch((error) => {
      if (!chromium.sandboxed) throw error;
      chromium.sandboxed = false;
      return launch(false);
    });
    chromium.#process = chromium.browser.process();
    chromium.browser.on("targetcreated", (target) => chromium.#refusePopup(target));
    return chromium;
  }

  async #refusePopup(target) {
    if (target.opener()) await (await target.page())?.close().catch(() => {});
  }

  // A page for somebody who was never here before.
  async newPage(agent) {
    const context = await this.browser.createBrowserContext({ downloadBehavior: NO_DOWNLOADS });
    const page = await context.newPage();
    await page.setUserAgent(`${await this.browser.userAgent()} ${agent}`);
    await page.setBypassServiceWorker(true);
    page.on("dialog", (dialog) => dialog.dismiss().catch(() => {}));
    return page;
  }

  // With all that it started, pop-ups and workers, whatever keeps it busy.
  async leave(page) {
    await Promise.race([page.browserContext().close().catch(() => {}), pause(LEAVE_MS, null, { ref: false })]);
  }

  // The whole process group, whatever state a page has brought it to.
  kill() {
    try {
      process.kill(-this.#process.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
    this.#tidy();
  }

  // A socket stands in a folder of its own among temporary files, and the profile points to it.
  #tidy() {
    try {
      const place = path.dirname(fs.readlinkSync(path.join(this.#profile, "SingletonSocket")));
      if (path.dirname(place) === os.tmpdir()) fs.rmSync(place, { recursive: true, force: true });
    } catch {
      // There is none.
    }
  }
}
