import { bedsJson } from './beds-json.ts';
import type { DispatchFormat } from './format.ts';
import { oscourXml } from './oscour-xml.ts';

const formats: readonly DispatchFormat[] = [oscourXml, bedsJson];

const byName: ReadonlyMap<string, DispatchFormat> = new Map(formats.map((format) => [format.name, format]));

export function formatNamed(name: string): DispatchFormat | undefined {
  return byName.get(name);
}
