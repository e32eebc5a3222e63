// ANONYMOUS (RFC 4505, XEP-0175): a fresh address for anybody, on hosts that ask for it.
import { randomUUID } from "node:crypto";
import { failure, type Mechanism } from "./mechanism.js";

export const anonymous: Mechanism = {
  name: "ANONYMOUS",
  bindsChannel: false,
  isOffered: ({ isAnonymousAllowed }) => isAnonymousAllowed,
  begin: () => ({
    // Trace data is used for nothing (XEP-0175 §2), so it does not matter whether there is any.
    start: async () => ({
      kind: "success",
      identity: { user: randomUUID(), mechanism: anonymous.name, isAnonymous: true },
      data: undefined,
    }),
    respond: async () => failure("malformed-request", "Nothing was asked."),
  }),
};
