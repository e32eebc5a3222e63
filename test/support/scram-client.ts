// A small SCRAM client (RFC 5802), written apart from the server's code so that each checks the other.
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

export interface ScramClientParts {
  readonly user: string;
  readonly password: string;
  readonly hash: "sha1" | "sha256";
  readonly nonce?: string;
  readonly authzid?: string;
  /** "n", "y", or a binding type with its data. */
  readonly binding?: "n" | "y" | { readonly type: string; readonly data: Buffer };
}

export class ScramClient {
  readonly #parts: ScramClientParts;
  readonly #header: string;
  readonly #bare: string;
  #expectedSignature = "";

  constructor(parts: ScramClientParts) {
    const { user, nonce = "fyko+d2lbbFgONRv9qkxdawL", authzid, binding = "n" } = parts;
    this.#parts = parts;
    const flag = typeof binding === "string" ? binding : `p=${binding.type}`;
    this.#header = `${flag},${authzid === undefined ? "" : `a=${escape(authzid)}`},`;
    this.#bare = `n=${escape(user)},r=${nonce}`;
  }

  first(): Buffer {
    return Buffer.from(this.#header + this.#bare);
  }

  /** `changes` turn a right answer into a wrong one. */
  final(serverFirst: Buffer, changes: { readonly nonce?: string; readonly binding?: Buffer } = {}): Buffer {
    const [, nonce = "", salt = "", iterations = ""] =
      /^r=([^,]*),s=([^,]*),i=(\d+)$/.exec(serverFirst.toString()) ?? [];
    const { hash, password, binding } = this.#parts;
    const data = typeof binding === "object" ? binding.data : Buffer.alloc(0);
    const bound = changes.binding ?? Buffer.concat([Buffer.from(this.#header), data]);
    const withoutProof = `c=${bound.toString("base64")},r=${changes.nonce ?? nonce}`;
    const authMessage = `${this.#bare},${serverFirst.toString()},${withoutProof}`;
    const length = hash === "sha1" ? 20 : 32;
    const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), Number(iterations), length, hash);
    const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
    const clientKey = hmac(salted, "Client Key");
    const signature = hmac(createHash(hash).update(clientKey).digest(), authMessage);
    const proof = Buffer.from(clientKey.map((octet, index) => octet ^ (signature[index] ?? 0)));
    this.#expectedSignature = hmac(hmac(salted, "Server Key"), authMessage).toString("base64");
    return Buffer.from(`${withoutProof},p=${proof.toString("base64")}`);
  }

  /** Whether the server has proved that it knows the account. */
  believes(serverFinal: Buffer | undefined): boolean {
    return serverFinal?.toString() === `v=${this.#expectedSignature}`;
  }
}

function escape(name: string): string {
  return name.replaceAll("=", "=3D").replaceAll(",", "=2C");
}
