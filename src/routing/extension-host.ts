// The host that an extension is handed: every registration goes into the tables of a LocalHost under its name.
import type { Options, ValuesOf } from "../config/option.js";
import type { ServiceDomain } from "../config/services.js";
import type { Clock } from "../extension/clock.js";
import type { Extension, Stores } from "../extension/declaration.js";
import type { FeatureContext, FeaturePhase, Host, SessionSlot } from "../extension/host.js";
import type { OpenService, Service } from "../extension/service.js";
import type { HostServices } from "../extension/services.js";
import type { Session } from "../extension/session.js";
import type { StageHandlers, StageName } from "../extension/stages.js";
import { Jid } from "../jid/jid.js";
import type { Metrics } from "../observability/metrics.js";
import type { StoresOf } from "../storage/shapes.js";
import type { Element } from "../xml/element.js";
import type { HostTables } from "./host-tables.js";
import type { LocalHost } from "./local-host.js";
import { ServiceRoute } from "./service-route.js";

export interface ExtensionSurroundings {
  readonly local: LocalHost;
  readonly tables: HostTables;
  readonly services: HostServices;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Which extension may serve which domain. */
  readonly domains: readonly ServiceDomain[];
  /** What the start() of an extension that runs before returned. */
  readonly interfaceOf: (extension: Extension<unknown>, asker: string) => unknown;
}

type AnyHost = Host<Options, Stores>;

/** Makes the host for one extension, with its options and opened stores. */
export function extensionHost(
  { name }: Extension<unknown>,
  options: ValuesOf<Options>,
  stores: StoresOf<Stores>,
  surroundings: ExtensionSurroundings,
): AnyHost {
  const { local, tables, services, clock, metrics, interfaceOf } = surroundings;
  const register = (type: "get" | "set"): AnyHost["iq"]["get"] => {
    return (namespace, element, target, handler) => local.iq.add(type, target, namespace, element, name, handler);
  };
  const stage = <S extends StageName>(stageName: S) => {
    return (...[flow, kinds, handler, interest]: StageArguments<S>): void =>
      local.stages.add(stageName, flow, kinds, name, handler, interest);
  };
  const own = {
    jid: local.jid,
    options,
    stores,
    log: local.log.child({ extension: name }),
    metrics,
    clock,
    iq: { get: register("get"), set: register("set") },
    beforeLogin: { iq: (type, ns, element, handler) => tables.addEarlyIq(type, ns, element, name, handler) },
    stamp: stage("stamp"),
    guard: stage("guard"),
    archive: stage("archive"),
    copy: stage("copy"),
    notify: stage("notify"),
    undeliverable: (handler, order = {}) => tables.undeliverable.push({ owner: name, handler, ...order }),
    streamFeature: (phase: FeaturePhase, feature: (stream: FeatureContext) => Element | undefined) =>
      tables.features[phase].push(feature),
    nonza: (namespace, element, handler) => tables.addNonza(namespace, element, name, handler),
    on: (event, handler) => local.on(event, name, handler),
    every: (interval, job) =>
      tables.stops.push(repeat(clock, interval, job, (error) => local.failed(name, "every", error))),
    onFarewell: (handler) => tables.farewells.push({ owner: name, handler }),
    onStop: (handler) => tables.stops.push(handler),
    openService: (domain, service) => openService(surroundings, domain, service, name),
    perSession: <T>(_slot: string, initial: T) => tables.slot(initial),
    offer: (offered, offer) => {
      local.offers.add(offered, name, offer);
      tables.stops.push(() => local.offers.remove(name));
    },
    use: <A>(other: Extension<A>) => interfaceOf(other, name) as A,
  } satisfies Omit<AnyHost, keyof HostServices>;
  // Services are getters in part, so they are inherited rather than copied.
  return Object.assign(Object.create(services) as HostServices, own);
}

/** The service closes when the host stops, after what the extension itself does then. */
function openService(
  { local, tables, domains }: ExtensionSurroundings,
  domain: string,
  service: Service,
  owner: string,
): OpenService {
  const jid = Jid.of("", domain);
  // Certificates, federation and the operator have been told of those that the facts name, and of no others.
  if (!domains.some((each) => each.domain === jid.domain && each.extension === owner))
    throw new Error(`${owner} opens ${domain}, which its \`services\` do not name.`);
  const route = new ServiceRoute(jid, service, owner, local);
  tables.stops.push(() => route.close());
  return route;
}

type StageArguments<S extends StageName> = [
  flow: Parameters<LocalHost["stages"]["add"]>[1],
  kinds: Parameters<LocalHost["stages"]["add"]>[2],
  handler: StageHandlers[S],
  order?: Parameters<LocalHost["stages"]["add"]>[5],
];

/** A repeated job that is never doubled and whose failures are contained. */
function repeat(
  clock: Clock,
  interval: number,
  job: () => void | Promise<void>,
  failed: (error: unknown) => void,
): () => void {
  let isRunning = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    try {
      await job();
    } finally {
      isRunning = false;
    }
  };
  return clock.every(interval, () => {
    if (!isRunning) run().catch(failed);
  });
}

/** A slot of the sessions' storage. */
export function sessionSlot<T>(index: number, initial: T): SessionSlot<T> {
  return {
    get: (session: Session) =>
      session.slots !== undefined && index in session.slots ? (session.slots[index] as T) : initial,
    set: (session: Session, value: T) => void ((session.slots ??= [])[index] = value),
  };
}
