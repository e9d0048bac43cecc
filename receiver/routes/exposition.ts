/** One family of numbers, as Prometheus reads it (text format 0.0.4). */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export function single(name: string, help: string, value: number | undefined): Metric {
  return { name, help, samples: value === undefined ? [] : [{ labels: {}, value }] };
}

export function byLabel(
  name: string,
  help: string,
  label: string,
  values: Readonly<Record<string, number | undefined>> | ReadonlyMap<string, number>,
): Metric {
  const entries: readonly (readonly [string, number | undefined])[] =
    values instanceof Map ? [...(values as ReadonlyMap<string, number>)] : Object.entries(values);
  const samples = entries.flatMap(([key, value]) =>
    value === undefined ? [] : [{ labels: { [label]: key }, value }],
  );
  return { name, help, samples };
}

/** Gauges all: counts here go down as well. A family without samples is left out. */
export function printed(metrics: readonly Metric[]): string {
  const lines = metrics
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, help, samples }) => [
      `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
      `# TYPE ${name} gauge`,
      ...samples.map(({ labels, value }) => `${name}${labelText(labels)} ${value}`),
    ]);
  return `${lines.join('\n')}\n`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const entries = Object.entries(labels);
  if (entries.length === 0) return '';
  const parts = entries.map(
    ([name, value]) =>
      `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  );
  return `{${parts.join(',')}}`;
}
