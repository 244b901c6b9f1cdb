// The browser's only way out: a SOCKS 5 proxy (RFC 1928) on loopback that connects to the target's
// judged addresses and nowhere else, whatever a page, a worker or a socket asks for.
import net from "node:net";

const VERSION = 5, NO_AUTHENTICATION = 0, CONNECT = 1;
const SUCCEEDED = 0, NOT_ALLOWED = 2, UNREACHABLE = 4, UNKNOWN_COMMAND = 7;
const CONNECT_MS = 10_000, NAMED_MAX = 20;

// The place that a request names and the bytes it takes; null while it is incomplete.
function readRequest(bytes) {
  if (bytes.length < 5) return null;
  const kinds = { 1: [4, 4], 3: [5, bytes[4]], 4: [4, 16] };
  const [start, length] = kinds[bytes[3]] ?? [4, 0];
  const end = start + length + 2;
  if (bytes.length < end) return null;
  const raw = bytes.subarray(start, start + length);
  const host = bytes[3] === 1 ? raw.join(".")
    : bytes[3] === 4 ? new URL(`http://[${raw.toString("hex").replace(/(.{4})(?=.)/g, "$1:")}]`).hostname
    : raw.toString("latin1");
  return { command: bytes[1], host: host.toLowerCase().replace(/^\[|\]$/g, ""), port: bytes.readUInt16BE(end - 2), end };
}

function reply(socket, code) {
  socket.write(Buffer.from([VERSION, code, 0, 1, 0, 0, 0, 0, 0, 0]));
}

export class Door {
  #server = net.createServer((client) => this.#greet(client));
  #host;
  #ports;
  #ips;
  #isShut = false;
  #clients = new Set();
  refused = new Map(); // "host:port" and how often

  // host without brackets, the ports that are the target's, the addresses that were judged.
  constructor(host, ports, ips) {
    this.#host = host;
    this.#ports = ports;
    this.#ips = ips;
  }

  // Opens it; the port that it listens at.
  async open() {
    await new Promise((done, fail) => this.#server.once("error", fail).listen(0, "127.0.0.1", done));
    this.#server.unref();
    return this.#server.address().port;
  }

  // Nothing passes, nor goes on, until it is opened again.
  shut() {
    this.#isShut = true;
    for (const client of this.#clients) client.destroy();
  }

  unshut() {
    this.#isShut = false;
  }

  #greet(client) {
    if (this.#isShut) return client.destroy();
    this.#clients.add(client);
    client.on("close", () => this.#clients.delete(client));
    let bytes = Buffer.alloc(0);
    let greeted = false;
    client.on("error", () => client.destroy());
    const read = (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes[0] !== VERSION) return client.destroy();
      if (!greeted && bytes.length >= 2 && bytes.length >= 2 + bytes[1]) {
        bytes = bytes.subarray(2 + bytes[1]);
        greeted = true;
        client.write(Buffer.from([VERSION, NO_AUTHENTICATION]));
      }
      const request = greeted ? readRequest(bytes) : null;
      if (!request) return;
      client.off("data", read).pause();
      this.#decide(client, request, bytes.subarray(request.end));
    };
    client.on("data", read);
  }

  #decide(client, { command, host, port }, early) {
    if (command !== CONNECT) {
      reply(client, UNKNOWN_COMMAND);
      client.end();
    } else if (host !== this.#host || !this.#ports.includes(port)) {
      const place = `${host}:${port}`;
      if (this.refused.has(place) || this.refused.size < NAMED_MAX)
        this.refused.set(place, (this.refused.get(place) ?? 0) + 1);
      reply(client, NOT_ALLOWED);
      client.end();
    } else {
      this.#connect(client, port, early, [...this.#ips]);
    }
  }

  // The first address that answers.
  #connect(client, port, early, ips) {
    if (ips.length === 0) {
      reply(client, UNREACHABLE);
      return client.end();
    }
    const peer = net.connect({ host: ips[0], port, timeout: CONNECT_MS });
    const next = () => {
      peer.destroy();
      this.#connect(client, port, early, ips.slice(1));
    };
    peer.once("error", next).once("timeout", next);
    peer.once("connect", () => {
      peer.off("error", next).off("timeout", next).setTimeout(0);
      reply(client, SUCCEEDED);
      peer.write(early);
      for (const [from, to] of [[peer, client], [client, peer]])
        from.on("error", () => to.destroy()).on("close", () => to.destroy()).pipe(to);
    });
  }
}
