// XEP-0077: In-Band Registration <https://xmpp.org/extensions/xep-0077.html>
import {
  type Account,
  type AccountProblem,
  type EarlyStream,
  type Element,
  extension,
  Jid,
  JidMalformed,
  option,
  RateLimit,
  type Session,
  StanzaError,
  xml,
} from "../src/extension/index.js";

const NS = "jabber:iq:register";
const FEATURE = "http://jabber.org/features/iq-register";

export const inBandRegistration = extension({
  xep: "0077",
  name: "registration",
  version: "2.4",
  sentence: "Lets users change their password and remove their account, and strangers make one if that is allowed.",
  features: [NS],
  options: {
    new_accounts: option.boolean(false, "Whether anybody may make an account."),
    instructions: option.string("Choose a name and a password.", "What whoever makes an account is told.", {
      max: 1000,
    }),
    rate: option.integer(5, "Accounts that may be made from one network in an hour.", { min: 1, max: 100_000 }),
    per_connection: option.integer(1, "Accounts that may be made on one connection.", { min: 1, max: 100_000 }),
    password_change: option.boolean(true, "Whether users may change their password."),
    removal: option.boolean(true, "Whether users may remove their account."),
  },
  start(host) {
    const { accounts, options } = host;
    const perNetwork = new RateLimit({ most: options.rate, interval: 3_600_000, clock: host.clock });
    /** How many accounts have been made on a stream. */
    const made = new WeakMap<EarlyStream, number>();

    const requireOpen = (): void => {
      if (!options.new_accounts) throw new StanzaError("service-unavailable"); // §3.1
    };
    const register = async (payload: Element, stream: EarlyStream): Promise<void> => {
      const { user, password } = credentialsIn(payload, host.jid, "not-acceptable");
      const before = made.get(stream) ?? 0;
      if (before >= options.per_connection || !perNetwork.take(stream.network)) throw tooMany();
      refuseIf(await accounts.create(user, password));
      made.set(stream, before + 1);
      host.log.info("account-registered", { user, address: stream.remoteAddress });
    };
    const setPassword = async (payload: Element, { key }: Account): Promise<void> => {
      const { user, password } = credentialsIn(payload, host.jid, "bad-request");
      if (user !== key.user) throw new StanzaError("not-allowed", { text: "This is not your account." });
      if (!options.password_change) throw new StanzaError("not-allowed");
      refuseIf(await accounts.setPassword(user, password));
    };
    /** Core tells the contacts, and closes the sessions once the answer is on its way. */
    const remove = async (payload: Element, { key }: Account): Promise<void> => {
      if (payload.getChildElements().length !== 1) throw new StanzaError("bad-request");
      if (!options.removal) throw new StanzaError("not-allowed");
      refuseIf(await accounts.remove(key.user));
      host.log.info("account-removed", { user: key.user });
    };
    const change = (payload: Element, account: Account): Promise<void> => {
      if (!account.isStored) throw new StanzaError("not-allowed", { text: "You have no account." });
      return isRemoval(payload) ? remove(payload, account) : setPassword(payload, account);
    };

    // §3.1: a stranger, before login
    if (options.new_accounts) host.streamFeature("before-login", () => xml("register", { xmlns: FEATURE }));
    host.beforeLogin.iq("get", NS, "query", () => {
      requireOpen();
      return query(xml("instructions", {}, options.instructions), xml("username"), xml("password"));
    });
    host.beforeLogin.iq("set", NS, "query", ({ payload, stream }) => {
      if (isRemoval(payload)) throw new StanzaError("unexpected-request"); // §3.2: nobody has an account yet
      requireOpen();
      return register(payload, stream);
    });

    // §3.2, §3.3: a user, to the host or to the own account
    host.iq.get(NS, "query", "own-account", ({ account }) => registered(account));
    host.iq.get(NS, "query", "host", ({ session }) => registered(ownerOf(session)));
    host.iq.set(NS, "query", "own-account", ({ payload, account }) => change(payload, account));
    host.iq.set(NS, "query", "host", ({ payload, session }) => change(payload, ownerOf(session)));
  },
});

/** §3.1.1. */
function tooMany(): StanzaError {
  return new StanzaError("not-acceptable", { type: "wait", text: "Too many accounts have been made from here." });
}

function query(...fields: readonly Element[]): Element {
  return xml("query", { xmlns: NS }, fields);
}

function registered({ key }: Account): Element {
  return query(xml("registered"), xml("username", {}, key.user), xml("password"));
}

function isRemoval(payload: Element): boolean {
  return payload.getChild("remove", NS) !== undefined;
}

/** Only those who are registered here. */
function ownerOf(session: Session | undefined): Account {
  if (session === undefined) throw new StanzaError("registration-required");
  return session.account;
}

/** The name, prepared, and the password; both are needed, and an empty password is none (§3.3). */
function credentialsIn(
  payload: Element,
  host: Jid,
  ifIncomplete: "bad-request" | "not-acceptable",
): { readonly user: string; readonly password: string } {
  const name = payload.getChildText("username", NS) ?? "";
  const password = payload.getChildText("password", NS) ?? "";
  if (name === "" || password === "") throw new StanzaError(ifIncomplete, { text: "Name and password are needed." });
  try {
    return { user: Jid.of(name, host.domain).local, password };
  } catch (error) {
    if (error instanceof JidMalformed) throw new StanzaError("not-acceptable", { text: error.message });
    throw error;
  }
}

function refuseIf(problem: AccountProblem | undefined): void {
  if (problem === undefined) return;
  if (problem === "exists") throw new StanzaError("conflict", { text: "The name is taken." });
  if (problem === "not-found") throw new StanzaError("registration-required");
  throw new StanzaError("not-acceptable", { text: "This name or password can't be used." });
}
