// The process that is measured: listeners and transports with nothing above them but a pair's exchange of bytes.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Admission } from "../../src/net/admission.js";
import { CertificateStore } from "../../src/net/certificates.js";
import { openHttpListener } from "../../src/net/http-listener.js";
import { ownCertificate } from "../../src/net/own-certificate.js";
import type { Reception } from "../../src/net/reception.js";
import { openTcpListener } from "../../src/net/tcp-listener.js";
import type { Transport, TransportEvents } from "../../src/net/transport.js";
import type { Question } from "./child.js";

/** What comes from one client of a pair goes to the other; the first two bytes name the pair. */
class Partner implements TransportEvents {
  static readonly #alone = new Map<string, Partner>();
  #partner: Partner | undefined;
  #name: string | undefined;

  constructor(private readonly transport: Transport) {
    transport.listen(this);
  }

  received(bytes: Buffer): void {
    const text = bytes.toString("latin1");
    if (text === "<starttls/>") return this.#secure();
    if (this.#name === undefined) return this.#meet(text);
    this.#partner?.transport.write(text, true);
  }

  drained(): void {}

  ended(): void {
    this.transport.end(1_000);
  }

  closed(): void {}

  #secure(): void {
    this.transport.write("<proceed/>", true);
    this.transport.startTls("localhost").catch((error: unknown) => console.error(error));
  }

  #meet(name: string): void {
    this.#name = name;
    const partner = Partner.#alone.get(name);
    if (partner === undefined) return void Partner.#alone.set(name, this);
    Partner.#alone.delete(name);
    this.#partner = partner;
    partner.#partner = this;
    this.transport.write("met", true);
  }
}

async function serve(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "rookery-bench-"));
  const certificates = await CertificateStore.open([await ownCertificate(directory, ["localhost"])]);
  await rm(directory, { recursive: true });
  const reception: Reception = {
    certificates,
    admission: new Admission(),
    accepted: (transport) => void new Partner(transport),
    handshakeFailed: (error) => console.error(error),
    requestFailed: (error) => console.error(error),
    isClientCertificateWanted: () => false,
  };
  const place = { address: "127.0.0.1", port: 0, backlog: 4_096 };
  const [tcp, tls, websocket] = await Promise.all([
    openTcpListener({ ...place, type: "c2s" }, reception),
    openTcpListener({ ...place, type: "c2s-tls" }, reception),
    openHttpListener({ ...place, type: "https", routes: [], webSocket: {} }, reception),
  ]);
  process.send?.({ ports: { tcp: tcp.port, starttls: tcp.port, tls: tls.port, websocket: websocket.port } });
  process.on("message", (question: Question) => answer(question));
}

let since = process.cpuUsage();

function answer(question: Question): void {
  if (question === "cpu") {
    const { user, system } = process.cpuUsage(since);
    since = process.cpuUsage();
    process.send?.({ user, system });
  } else {
    globalThis.gc?.();
    process.send?.({ done: true });
  }
}

await serve();
