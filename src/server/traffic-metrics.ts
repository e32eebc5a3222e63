// Figures of what goes in and out.
import type { ComponentService } from "../component/service.js";
import type { Metrics } from "../observability/metrics.js";
import type { Traffic } from "../stanza/traffic.js";

/** `traffic` is read whenever somebody looks. */
export function addTraffic(metrics: Metrics, name: string, sentence: string, traffic: Traffic): void {
  for (const direction of ["received", "sent"] as const) {
    for (const kind of ["message", "presence", "iq"] as const) {
      metrics.gaugeOf(name, sentence, () => traffic[direction][kind], { direction, kind });
    }
  }
}

export function addComponentMetrics(metrics: Metrics, { components, traffic }: ComponentService): void {
  const all = [...components.values()];
  const connected = (): number => all.filter(({ connection }) => connection !== undefined).length;
  metrics.gaugeOf("components", "Components that are connected.", connected);
  addTraffic(metrics, "component_stanzas", "Stanzas from and to components since the start.", traffic);
}
