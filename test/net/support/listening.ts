// A server with listeners on loopback, and what it was told.
import type { TestContext } from "node:test";
import { Admission, type AdmissionLimits } from "../../../src/net/admission.js";
import type { CertificateStore } from "../../../src/net/certificates.js";
import { type HttpListenerOptions, openHttpListener } from "../../../src/net/http-listener.js";
import type { Listener, Reception } from "../../../src/net/reception.js";
import { openTcpListener, type TcpListenerOptions } from "../../../src/net/tcp-listener.js";
import type { Transport, TransportEvents } from "../../../src/net/transport.js";
import { storeFor } from "./certificates.js";

/** A transport together with all that it said. */
export class Heard implements TransportEvents {
  readonly transport: Transport;
  readonly frames: string[] = [];
  readonly said: string[] = [];
  error: Error | undefined;
  #waiting: (() => void)[] = [];

  constructor(transport: Transport) {
    this.transport = transport;
    transport.listen(this);
  }

  get text(): string {
    return this.frames.join("");
  }

  received(bytes: Buffer): void {
    this.frames.push(bytes.toString());
    this.#tell();
  }

  drained(): void {
    this.#note("drained");
  }

  ended(): void {
    this.#note("ended");
  }

  closed(error: Error | undefined): void {
    this.error = error;
    this.#note("closed");
  }

  /** Waits until `isSo`. */
  async until(isSo: (heard: this) => boolean): Promise<this> {
    while (!isSo(this)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this;
  }

  untilText(text: string): Promise<this> {
    return this.until((heard) => heard.text.includes(text));
  }

  untilSaid(word: string): Promise<this> {
    return this.until((heard) => heard.said.includes(word));
  }

  #note(word: string): void {
    this.said.push(word);
    this.#tell();
  }

  #tell(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

export class TestServer implements Reception {
  readonly certificates: CertificateStore;
  readonly admission: Admission;
  readonly failures: Error[] = [];
  readonly broken: string[] = [];
  readonly #test: TestContext;
  readonly #arrived: Heard[] = [];
  #waiting: (() => void)[] = [];
  wantsClientCertificates = false;

  constructor(test: TestContext, certificates: CertificateStore, limits: Partial<AdmissionLimits> = {}) {
    this.#test = test;
    this.certificates = certificates;
    this.admission = new Admission(limits);
  }

  static async for(test: TestContext, ...hosts: string[]): Promise<TestServer> {
    return new TestServer(test, await storeFor(test, hosts));
  }

  async tcp(type: "c2s" | "c2s-tls", options: Partial<TcpListenerOptions> = {}): Promise<Listener> {
    return this.#keep(await openTcpListener({ type, address: "127.0.0.1", port: 0, ...options }, this));
  }

  async http(type: "http" | "https", options: Partial<HttpListenerOptions> = {}): Promise<Listener> {
    return this.#keep(await openHttpListener({ type, address: "127.0.0.1", port: 0, routes: [], ...options }, this));
  }

  accepted(transport: Transport): void {
    const heard = new Heard(transport);
    this.#test.after(() => transport.destroy());
    this.#arrived.push(heard);
    this.#tell();
  }

  handshakeFailed(error: Error): void {
    this.failures.push(error);
    this.#tell();
  }

  listenerFailed(error: Error): void {
    this.failures.push(error);
  }

  requestFailed(_error: unknown, path: string): void {
    this.broken.push(path);
  }

  isClientCertificateWanted(): boolean {
    return this.wantsClientCertificates;
  }

  /** The next connection that came. */
  async next(): Promise<Heard> {
    await this.until(() => this.#arrived.length > 0);
    const [heard] = this.#arrived.splice(0, 1);
    if (heard === undefined) throw new Error("nobody came");
    return heard;
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #keep(listener: Listener): Listener {
    this.#test.after(() => listener.stop());
    return listener;
  }

  #tell(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
