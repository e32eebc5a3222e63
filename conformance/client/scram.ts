// The client side of SCRAM (RFC 5802, RFC 7677), with knobs for doing it wrong.
import { createHash, createHmac, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

const deriveKey = promisify(pbkdf2);

/** Channel binding of one login: the gs2 flag without commas (`n`, `y`, `p=tls-exporter`) and the binding data. */
export interface ChannelBinding {
  readonly flag: string;
  readonly data: Buffer;
}

/** What to do wrong: a value replaces what would have been sent (`binding` and `proof` in base64). */
export interface ScramMistakes {
  authzid?: string;
  nonce?: string;
  binding?: string;
  proof?: string;
}

/** One SCRAM exchange. */
export class Scram {
  private readonly hash: string;
  private readonly nonce = randomBytes(18).toString("base64");
  private clientFirstBare = "";
  private expectedSignature = "";

  /** @param mechanism such as SCRAM-SHA-256-PLUS */
  constructor(
    mechanism: string,
    private readonly username: string,
    private readonly password: string,
    private readonly binding: ChannelBinding,
    readonly mistakes: ScramMistakes = {},
  ) {
    this.hash = /SHA-(\d+)/.exec(mechanism)?.[0].replace("-", "").toLowerCase() ?? "sha1";
  }

  /** client-first-message */
  first(): string {
    const name = this.username.replaceAll("=", "=3D").replaceAll(",", "=2C");
    this.clientFirstBare = `n=${name},r=${this.nonce}`;
    return this.gs2Header() + this.clientFirstBare;
  }

  /** client-final-message. @throws Error when the server's nonce does not extend ours, or a field is missing */
  async final(serverFirst: string): Promise<string> {
    const fields = fieldsOf(serverFirst);
    const [nonce, salt, iterations] = [fields.get("r") ?? "", fields.get("s") ?? "", Number(fields.get("i"))];
    if (!nonce.startsWith(this.nonce) || nonce === this.nonce)
      throw new Error("the server's nonce does not extend ours");
    if (!(iterations >= 4096)) throw new Error(`the server asks for ${fields.get("i") ?? "no"} iterations`);
    const withoutProof = `c=${this.bindingField()},r=${this.mistakes.nonce ?? nonce}`;
    const authMessage = `${this.clientFirstBare},${serverFirst},${withoutProof}`;
    const proof = await this.proofOf(authMessage, Buffer.from(salt, "base64"), iterations);
    return `${withoutProof},p=${this.mistakes.proof ?? proof}`;
  }

  /** Whether server-final-message proves that the server knows the keys. */
  isServerProven(serverFinal: string): boolean {
    return fieldsOf(serverFinal).get("v") === this.expectedSignature;
  }

  private gs2Header(): string {
    const { authzid } = this.mistakes;
    return `${this.binding.flag},${authzid === undefined ? "" : `a=${authzid}`},`;
  }

  private bindingField(): string {
    const honest = Buffer.concat([Buffer.from(this.gs2Header()), this.binding.data]).toString("base64");
    return this.mistakes.binding ?? honest;
  }

  private async proofOf(authMessage: string, salt: Buffer, iterations: number): Promise<string> {
    const length = createHash(this.hash).digest().length;
    const salted = await deriveKey(this.password, salt, iterations, length, this.hash);
    const clientKey = this.mac(salted, "Client Key");
    const signature = this.mac(createHash(this.hash).update(clientKey).digest(), authMessage);
    this.expectedSignature = this.mac(this.mac(salted, "Server Key"), authMessage).toString("base64");
    return Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0))).toString("base64");
  }

  private mac(key: Buffer, text: string): Buffer {
    return createHmac(this.hash, key).update(text).digest();
  }
}

function fieldsOf(message: string): Map<string, string> {
  return new Map(message.split(",").map((field) => [field.slice(0, 1), field.slice(2)]));
}
