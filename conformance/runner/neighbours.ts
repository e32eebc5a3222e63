// The other servers and the components of one scene: their domains, and the gates where they can be found.
import { certificateKinds, type CertificateKind } from "../peer/authority.js";
import type { Peer, PeerWish } from "../peer/world.js";
import type { Character } from "../scene/scene.js";
import type { Account, Federation } from "../server-under-test.js";
import type { Actor } from "./actor.js";

/** Servers get domains of their own in every scene; components borrow those that the server under test knows. */
export class Neighbours {
  private readonly domains = new Map<string, string>();
  private readonly borrowed: string[] = [];
  private readonly peers = new Map<string, Peer>();

  constructor(
    characters: readonly Character[],
    private readonly federation: Federation | undefined,
    suffix: string,
  ) {
    for (const character of characters) {
      const written = writtenDomain(character);
      if (written === undefined || this.domains.has(written)) continue;
      const isServer = character.kind === "Server";
      this.domains.set(written, isServer ? written.replace(/\.|$/, `-${suffix}$&`) : this.borrow());
    }
  }

  /** What stands for an account of a server or component; undefined for other characters. */
  accountOf(character: Character): Account | undefined {
    const written = writtenDomain(character);
    const domain = written === undefined ? undefined : this.domains.get(written);
    return domain === undefined ? undefined : { localpart: "", domain, password: "" };
  }

  /** Opens a gate for every domain; characters with the same one share it. */
  async enter(actors: readonly Actor[]): Promise<void> {
    for (const actor of actors.filter(({ isServer }) => isServer)) {
      const { domain } = actor.account;
      const peer = this.peers.get(domain) ?? (await this.federation?.world.enter(wishOf(actor)));
      if (peer !== undefined) this.peers.set(domain, peer);
      actor.peer = peer;
      actor.identity = this.federation?.world.authority.issue(domain, certificateOf(actor));
    }
  }

  async leave(): Promise<void> {
    for (const peer of this.peers.values()) await this.federation?.world.leave(peer);
    for (const domain of this.borrowed) this.federation?.components?.domains.giveBack(domain);
  }

  /** Puts the domains of this scene for those that are written in it. */
  withRealDomains(text: string): string {
    let result = text;
    for (const [written, real] of this.domains) result = result.replaceAll(written, real);
    const second = this.federation?.secondDomain;
    return second === undefined ? result : result.replaceAll("second.localhost", second);
  }

  private borrow(): string {
    const domain = this.federation?.components?.domains.borrow();
    if (domain === undefined) throw new Error("the server takes no components");
    this.borrowed.push(domain);
    return domain;
  }
}

function writtenDomain({ kind, name, properties }: Character): string | undefined {
  if (kind === "Server") return properties.get("domain") ?? `${name.toLowerCase()}.example`;
  return kind === "Component" ? (properties.get("domain") ?? `${name.toLowerCase()}.localhost`) : undefined;
}

function wishOf({ account, character }: Actor): PeerWish {
  return { domain: account.domain, found: character.properties.get("found") ?? "starttls" };
}

function certificateOf({ character }: Actor): CertificateKind {
  const written = character.properties.get("certificate") ?? "good";
  const kind = certificateKinds.find((known) => known === written);
  if (kind === undefined) throw new Error(`there is no certificate that is ${written}`);
  return kind;
}
