// Metrics for Prometheus. Counting is a plain increment of a number; the numbers are gathered when somebody asks.
import { Counter as PrometheusCounter, Gauge as PrometheusGauge, Histogram as PrometheusHistogram, Registry } from "prom-client"; // prettier-ignore

/** Values of a series' labels. Every series of one name has the same labels; never put what peers choose into one. */
export type Labels = Readonly<Record<string, string>>;

/** Only goes up. Increment `value` itself where nanoseconds matter. */
export class Counter {
  value = 0;

  increment(by = 1): void {
    this.value += by;
  }
}

/** Goes up and down. */
export class Gauge {
  value = 0;

  set(value: number): void {
    this.value = value;
  }

  add(by: number): void {
    this.value += by;
  }
}

export interface Histogram {
  observe(value: number): void;
}

export type SeriesReader = () => Iterable<readonly [labels: readonly string[], value: number]>;

/** Names are without prefix; "rookery_" goes before each. The same name and labels give the same series. */
export interface Metrics {
  /** `name` ends in `_total`. */
  counter(name: string, help: string, labels?: Labels): Counter;
  gauge(name: string, help: string, labels?: Labels): Gauge;
  /** A gauge whose value is read when it is asked for. Registered again, the new reader takes over. */
  gaugeOf(name: string, help: string, read: () => number, labels?: Labels): void;
  /**
   * Series that come and go, as domains do: read when they are asked for. The reader bounds how many there are.
   * @param read gives the labels' values in the order of `labelNames`, with the number
   */
  gaugesOf(name: string, help: string, labelNames: readonly string[], read: SeriesReader): void;
  /** `name` ends in its unit, `_seconds` or `_bytes`; `buckets` are upper bounds, rising. */
  histogram(name: string, help: string, buckets: readonly number[], labels?: Labels): Histogram;
  /** Metrics whose every series has these labels too. */
  with(labels: Labels): Metrics;
}

/** A family's series: how each of them is read. */
interface Family {
  readonly labelNames: string;
  readonly series: Map<string, Series>;
}

interface Series {
  readonly labels: Labels;
  readonly owner: object;
  readonly read: () => number;
}

/** All metrics of the process. */
export class MetricsRegistry implements Metrics {
  readonly #registry = new Registry();
  readonly #families = new Map<string, Family>();
  readonly #histograms = new Map<string, PrometheusHistogram>();

  counter(name: string, help: string, labels: Labels = {}): Counter {
    const counter = new Counter();
    const kept = this.#series("counter", name, help, { labels, owner: counter, read: () => counter.value });
    return kept instanceof Counter ? kept : wrongKind(name);
  }

  gauge(name: string, help: string, labels: Labels = {}): Gauge {
    const gauge = new Gauge();
    const kept = this.#series("gauge", name, help, { labels, owner: gauge, read: () => gauge.value });
    return kept instanceof Gauge ? kept : wrongKind(name);
  }

  gaugeOf(name: string, help: string, read: () => number, labels: Labels = {}): void {
    this.#families.get(name)?.series.delete(JSON.stringify(labels));
    this.#series("gauge", name, help, { labels, owner: read, read });
  }

  gaugesOf(name: string, help: string, labelNames: readonly string[], read: SeriesReader): void {
    const collect = () => {
      gauge.reset();
      for (const [labels, value] of read()) gauge.set(Object.fromEntries(labelNames.map((each, at) => [each, labels[at] ?? ""])), value); // prettier-ignore
    };
    const options = { name: prefixed(name), help, labelNames: [...labelNames], registers: [this.#registry], collect };
    const gauge = new PrometheusGauge(options);
  }

  histogram(name: string, help: string, buckets: readonly number[], labels: Labels = {}): Histogram {
    const histogram = this.#histograms.get(name) ?? this.#addHistogram(name, help, buckets, Object.keys(labels));
    return histogram.labels(labels);
  }

  with(labels: Labels): Metrics {
    return withLabels(this, labels);
  }

  /** The text that Prometheus reads. */
  async report(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  /** The object that keeps the series' value: the given one, or the one that was there before. */
  #series(type: "counter" | "gauge", name: string, help: string, series: Series): object {
    const family = this.#families.get(name) ?? this.#addFamily(type, name, help, Object.keys(series.labels));
    if (family.labelNames !== Object.keys(series.labels).join()) {
      throw new Error(`The metric ${name} has the labels [${family.labelNames}] elsewhere.`);
    }
    const key = JSON.stringify(series.labels);
    const kept = family.series.get(key) ?? series;
    family.series.set(key, kept);
    return kept.owner;
  }

  #addFamily(type: "counter" | "gauge", name: string, help: string, labelNames: string[]): Family {
    const family: Family = { labelNames: labelNames.join(), series: new Map() };
    const options = { name: prefixed(name), help, labelNames, registers: [this.#registry] };
    if (type === "gauge") {
      const gauge = new PrometheusGauge({ ...options, collect: () => eachSeries(family, (labels, value) => gauge.set(labels, value)) }); // prettier-ignore
    } else {
      const collect = () => {
        counter.reset();
        eachSeries(family, (labels, value) => counter.inc(labels, value));
      };
      const counter = new PrometheusCounter({ ...options, collect });
    }
    this.#families.set(name, family);
    return family;
  }

  #addHistogram(name: string, help: string, buckets: readonly number[], labelNames: string[]): PrometheusHistogram {
    const options = { name: prefixed(name), help, labelNames, buckets: [...buckets], registers: [this.#registry] };
    const histogram = new PrometheusHistogram(options);
    this.#histograms.set(name, histogram);
    return histogram;
  }
}

function prefixed(name: string): string {
  return /^(?:process|nodejs)_/.test(name) ? name : `rookery_${name}`;
}

function eachSeries({ series }: Family, report: (labels: Labels, value: number) => void): void {
  for (const { labels, read } of series.values()) report(labels, read());
}

function wrongKind(name: string): never {
  throw new Error(`The metric ${name} is of another kind elsewhere.`);
}

function withLabels(metrics: Metrics, fixed: Labels): Metrics {
  return {
    counter: (name, help, labels) => metrics.counter(name, help, { ...fixed, ...labels }),
    gauge: (name, help, labels) => metrics.gauge(name, help, { ...fixed, ...labels }),
    gaugeOf: (name, help, read, labels) => metrics.gaugeOf(name, help, read, { ...fixed, ...labels }),
    gaugesOf: (name, help, labelNames, read) =>
      metrics.gaugesOf(name, help, [...Object.keys(fixed), ...labelNames], () =>
        withFixed(Object.values(fixed), read()),
      ),
    histogram: (name, help, buckets, labels) => metrics.histogram(name, help, buckets, { ...fixed, ...labels }),
    with: (labels) => withLabels(metrics, { ...fixed, ...labels }),
  };
}

function* withFixed(fixed: readonly string[], series: ReturnType<SeriesReader>): ReturnType<SeriesReader> {
  for (const [labels, value] of series) yield [[...fixed, ...labels], value];
}
