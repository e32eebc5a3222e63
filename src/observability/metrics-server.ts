// The HTTP port for machines that watch: /metrics for Prometheus, /healthz for load balancers and supervisors.
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Health } from "./health.js";
import type { MetricsRegistry } from "./metrics.js";

export interface MetricsServerParts {
  readonly metrics: MetricsRegistry;
  readonly health: Health;
}

/** Listening on every address. */
export interface MetricsServer {
  readonly addresses: readonly AddressInfo[];
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Listens on each address; rejects, and listens nowhere, when one of them can't be had. */
export async function serveMetrics(
  parts: MetricsServerParts,
  addresses: readonly string[],
  port: number,
): Promise<MetricsServer> {
  const servers = addresses.map(() => makeServer(parts));
  const close = async () => void (await Promise.all(servers.map(closeServer)));
  try {
    await Promise.all(servers.map((server, index) => listen(server, addresses[index] ?? "127.0.0.1", port)));
  } catch (error) {
    await close();
    throw error;
  }
  const bound = servers.map((server) => server.address()).filter((each) => typeof each === "object" && each !== null);
  return { addresses: bound, close };
}

function makeServer(parts: MetricsServerParts): Server {
  const limits = { maxHeaderSize: 4096, headersTimeout: 5000, requestTimeout: 5000, keepAliveTimeout: 5000 };
  const server = createServer(limits, (request, response) => {
    request.resume();
    const path = (request.url ?? "").split("?")[0];
    const isRead = request.method === "GET" || request.method === "HEAD";
    const answer = isRead ? answerTo(path ?? "", parts) : Promise.resolve(plain(405, "Only GET is answered here."));
    answer.then(
      (each) => send(response, each),
      () => send(response, plain(500, "This could not be gathered; the log says why.")),
    );
  });
  server.maxConnections = 64;
  return server;
}

async function answerTo(path: string, { metrics, health }: MetricsServerParts): Promise<Answer> {
  if (path === "/metrics") return { status: 200, ...(await metrics.report()) };
  if (path !== "/healthz") return plain(404, "Here are /metrics and /healthz.");
  const report = await health.report();
  const text = `${JSON.stringify(report, undefined, 2)}\n`;
  return { status: report.isHealthy ? 200 : 503, contentType: "application/json", text };
}

function plain(status: number, text: string): Answer {
  return { status, contentType: "text/plain; charset=utf-8", text: `${text}\n` };
}

function send(response: ServerResponse, { status, contentType, text }: Answer): void {
  response.writeHead(status, { "content-type": contentType, "cache-control": "no-store" }).end(text);
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, ipv6Only: host.includes(":") }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
