// What can be done with hats: six commands to the room (XEP-0317 §3.2 to §3.7).
import { announce, remark, type Room, type RoomIqRequest, showToAll } from "../0045-multi-user-chat/index.js";
import type { FormValues } from "../payloads/0004-data-forms.js";
import { formCommand, type HatCommand, isOfRoom, mayManage, tableCommand } from "./command.js";
import {
  assignmentForm,
  creationForm,
  destructionForm,
  hatsTable,
  removalForm,
  wearerIn,
  wearersTable,
} from "./forms.js";
import { hatIn, uriIn } from "./hat.js";
import type { Wardrobes } from "./wardrobes.js";

type Apply = (values: FormValues, request: RoomIqRequest) => Promise<void>;

export function hatCommands(wardrobes: Wardrobes): readonly HatCommand[] {
  const of = (room: Room): ReturnType<Wardrobes["of"]> => wardrobes.of(room);
  return [
    formCommand("create", "Create or change a hat", creationForm, defining(wardrobes)),
    formCommand("destroy", "Destroy a hat", (room) => destructionForm(of(room)), destroying(wardrobes)),
    tableCommand("list", "List hats", isOfRoom, (room) => hatsTable(of(room))),
    formCommand("assign", "Assign a hat", (room) => assignmentForm(of(room)), assigning(wardrobes)),
    formCommand("unassign", "Remove a hat", (room) => removalForm(of(room)), unassigning(wardrobes)),
    tableCommand("list-assigned", "List users with hats", mayManage, (room) => wearersTable(of(room))),
  ];
}

/** §3.2 */
function defining(wardrobes: Wardrobes): Apply {
  return async (values, request) => {
    const { room, afterAnswer } = request;
    const hat = hatIn(values);
    const stored = wardrobes.put(room, hat);
    if (stored === undefined) return;
    afterAnswer(() => announce(room, [104]));
    afterAnswer(() => showAnew(room, wardrobes.of(room).wearersOf(hat.uri)));
    note("room-hat-defined", request, hat.uri);
    await stored;
  };
}

/** §3.3 */
function destroying(wardrobes: Wardrobes): Apply {
  return async (values, request) => {
    const { room, afterAnswer } = request;
    const uri = uriIn(values);
    const { wearers, stored } = wardrobes.remove(room, uri);
    afterAnswer(() => announce(room, [104]));
    afterAnswer(() => showAnew(room, wearers));
    note("room-hat-destroyed", request, uri);
    await stored;
  };
}

/** §3.5 */
function assigning(wardrobes: Wardrobes): Apply {
  return async (values, request) => {
    const { room, afterAnswer } = request;
    const [jid, uri] = [wearerIn(values), uriIn(values)];
    const stored = wardrobes.assign(room, jid, uri);
    if (stored === undefined) return;
    afterAnswer(() => showAnew(room, [jid.toString()]));
    note("room-hat-assigned", request, uri, { of: jid });
    await stored;
  };
}

/** §3.6 */
function unassigning(wardrobes: Wardrobes): Apply {
  return async (values, request) => {
    const { room, afterAnswer } = request;
    const [jid, uri] = [wearerIn(values), uriIn(values)];
    const stored = wardrobes.unassign(room, jid, uri);
    afterAnswer(() => showAnew(room, [jid.toString()]));
    note("room-hat-unassigned", request, uri, { of: jid });
    await stored;
  };
}

function note(event: string, { room, from }: RoomIqRequest, hat: string, more = {}): void {
  room.surroundings.log.info(event, { room: room.jid, by: from.bare, hat, ...more });
}

/** "The room SHOULD broadcast the related JID presences": of those of these bare JIDs who are here. */
function showAnew(room: Room, wearers: readonly string[]): void {
  const shown = new Set(wearers);
  for (const occupant of room.occupants.values()) {
    if (!shown.has(occupant.bare.toString())) continue;
    remark(room, occupant);
    showToAll(room, occupant);
  }
}
