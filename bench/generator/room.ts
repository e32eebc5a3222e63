// A room as occupants see it (XEP-0045): made, filled, joined and left. Each presence to it carries one mark.
import type { Connection } from "./connection.js";
import { MARK } from "./marks.js";
import type { Door } from "./session.js";
import type { Tally } from "./tally.js";

const MUC = "http://jabber.org/protocol/muc";
/** Who come at once while a room fills up. */
const SWARM = 20;

export class Room {
  readonly address: string;

  constructor(door: Door, name: string) {
    this.address = `${name}@rooms.${door.target.domain}`;
  }

  /** Makes the room with all defaults (§10.1.2). */
  async create(owner: Connection, nickname: string): Promise<void> {
    await this.#make(owner, nickname, "");
  }

  /** Makes a room in which only moderators are announced, so that thousands can be in it a few seconds later. */
  async createDiscreet(owner: Connection, nickname: string): Promise<void> {
    const type = `<field var='FORM_TYPE'><value>${MUC}#roomconfig</value></field>`;
    const field = "<field var='muc#roomconfig_presencebroadcast'><value>moderator</value></field>";
    await this.#make(owner, nickname, type + field);
  }

  /** Resolves when the newcomer has got all, which ends with the subject (§7.2.2). */
  async enter(newcomer: Connection, nickname: string): Promise<void> {
    newcomer.write(this.join(nickname));
    await newcomer.expect(/<subject[^]*?<\/message>/);
  }

  /** Lets `newcomers` in, who hear the tally as those do who are in already; each gets as many presences as there are occupants. */
  async fill(newcomers: readonly Connection[], occupants: number, tally: Tally): Promise<void> {
    let present = occupants;
    for (let first = 0; first < newcomers.length; first += SWARM) {
      const swarm = newcomers.slice(first, first + SWARM);
      const before = present;
      present += swarm.length;
      // One who comes as the k-th gets k presences, and those k - 1 who were there get one.
      const arrived = tally.next(present ** 2 - before ** 2);
      for (const [index, newcomer] of swarm.entries()) newcomer.write(this.join(`n${before + index}`));
      await arrived;
    }
  }

  join(nickname: string): string {
    return `<presence to='${this.address}/${nickname}'><status>${MARK}</status><x xmlns='${MUC}'/></presence>`;
  }

  leave(nickname: string): string {
    return `<presence type='unavailable' to='${this.address}/${nickname}'><status>${MARK}</status></presence>`;
  }

  message(body: string): string {
    return `<message type='groupchat' id='muc' to='${this.address}'><body>${body}</body></message>`;
  }

  async #make(owner: Connection, nickname: string, fields: string): Promise<void> {
    owner.write(this.join(nickname));
    await owner.expect(/<presence[^]*?<status code=['"]201['"][^]*?<\/presence>/);
    await owner.expect(/<subject[^]*?<\/message>/);
    const form = `<x xmlns='jabber:x:data' type='submit'>${fields}</x>`;
    owner.write(`<iq type='set' id='make' to='${this.address}'><query xmlns='${MUC}#owner'>${form}</query></iq>`);
    const [answer] = await owner.expect(/<iq[^>]*id=['"]make['"][^>]*>/);
    if (!/type=['"]result['"]/.test(answer)) throw new Error(`The room could not be made: ${answer}`);
  }
}
