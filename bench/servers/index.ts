// The servers that the bench knows, by the names of its --servers option.
import { bare } from "./bare.js";
import { ejabberd } from "./ejabberd.js";
import { prosody } from "./prosody.js";
import { rookery } from "./rookery.js";
import type { Server } from "./server.js";

export const servers: ReadonlyMap<string, Server> = new Map(Object.entries({ rookery, prosody, ejabberd, bare }));
