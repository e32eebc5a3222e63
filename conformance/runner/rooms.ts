// The rooms of one scene (XEP-0045): every room that it writes about is its own.

/** Stands for the domain of the server's rooms. */
const writtenService = "rooms.localhost";
/** A local part before it, as scenes write them. */
const writtenRoom = /[^\s<>&'"@/:=?;,()]+(?=@rooms\.localhost\b)/g;

/** Puts the real addresses of rooms for the written ones; without a service for rooms it leaves all as it is. */
export class Rooms {
  constructor(
    private readonly service: string | undefined,
    private readonly suffix: string,
  ) {}

  /** `coven@rooms.localhost` becomes `coven-5f1d0c2a@` and the domain of the server's rooms. */
  withRealRooms(text: string): string {
    const { service } = this;
    if (service === undefined) return text;
    return text.replace(writtenRoom, (local) => `${local}-${this.suffix}`).replaceAll(writtenService, service);
  }

  /** Whether a bare address is that of a room. */
  has(bareJid: string): boolean {
    return this.service !== undefined && bareJid.endsWith(`@${this.service}`);
  }
}
