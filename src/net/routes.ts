// What HTTP paths are answered by: a table that node:http serves today and any framework can serve later.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Host header without the port, in lower case. */
  readonly host: string;
  /** The client's, also behind a trusted proxy. */
  readonly remoteAddress: string;
}

export interface HttpReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** One path. HEAD is answered by the handler of GET, OPTIONS by the table. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  /** Any web page may read it (CORS `*`); XEP-0156 §6 asks that this be only for what is public. */
  readonly isPublic?: boolean;
  handle(request: HttpRequest): HttpReply | Promise<HttpReply>;
}

export class RouteTable {
  readonly #routes = new Map<string, Route>();

  constructor(routes: readonly Route[]) {
    for (const route of routes) this.#routes.set(`${route.method} ${route.path}`, route);
  }

  /** Answers whatever comes: 404 for unknown paths, 405 for other methods. Rejects when a handler throws. */
  async answer(request: HttpRequest): Promise<HttpReply> {
    const method = request.method === "HEAD" ? "GET" : request.method;
    const route = this.#routes.get(`${method} ${request.path}`);
    if (route === undefined) return this.#refuse(request);
    const reply = await route.handle(request);
    return route.isPublic === true ? { ...reply, headers: { ...reply.headers, ...anyOrigin } } : reply;
  }

  #refuse({ method, path }: HttpRequest): HttpReply {
    const there = [...this.#routes.values()].filter((route) => route.path === path);
    if (there.length === 0) return { status: 404 };
    const methods = [...there.map((route) => route.method), "OPTIONS"].join(", ");
    if (method !== "OPTIONS") return { status: 405, headers: { allow: methods } };
    const isPublic = there.every((route) => route.isPublic === true);
    return { status: 204, headers: { allow: methods, ...(isPublic ? preflight(methods) : {}) } };
  }
}

const anyOrigin = { "access-control-allow-origin": "*" };

function preflight(methods: string): Record<string, string> {
  return { ...anyOrigin, "access-control-allow-methods": methods, "access-control-max-age": "86400" };
}

/** What a handler needs to know of a request of node:http. */
export function readRequest(request: IncomingMessage, remoteAddress: string): HttpRequest {
  const [path = "/", query = ""] = (request.url ?? "/").split("?", 2);
  const host = hostOf(request.headers.host ?? "");
  const method = request.method ?? "GET";
  return { method, path, query: new URLSearchParams(query), headers: request.headers, host, remoteAddress };
}

/** `Example.com:5281` and `[::1]:5281` without the port. */
function hostOf(header: string): string {
  return header.replace(/:\d+$/, "").toLowerCase();
}

/** Sends the reply; the body is left out for HEAD by node:http itself. */
export function sendReply(response: ServerResponse, reply: HttpReply): void {
  const body = reply.body ?? (reply.status < 300 ? "" : `${reply.status}\n`);
  response.writeHead(reply.status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "x-content-type-options": "nosniff",
    ...reply.headers,
  });
  response.end(body);
}
