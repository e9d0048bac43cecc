import { z } from 'zod';
import { isFiness, normaliseFiness } from '../shared/feeds/facility.ts';
import { expecting } from '../shared/runtime/settings.ts';
import { acknowledgement, checkAcknowledgement } from './config-acknowledgement.ts';
import { checkDestinations, checkForms } from './config-destination-checks.ts';
import { destinationName, format, packaging, profile } from './config-destination-forms.ts';
import { checkManifest, manifestSettings, schedule } from './config-schedule.ts';
import { protection, transport } from './config-transports.ts';

/**
 * What a region says of one destination. Everything an agency may ask for is a setting here; nothing of it is code.
 * Keys that end in `File`, and folders on this machine, are paths from the configuration file's own folder.
 */
const finess = z
  .string()
  .transform(normaliseFiness)
  .refine(
    isFiness,
    expecting('un FINESS de 9 caractères à la clé juste', 'a FINESS of 9 whose key is right'),
  );

const retry = z
  .strictObject({
    firstSeconds: z.number().min(0.1).max(3600).default(1),
    maxSeconds: z.number().min(1).max(86_400).default(300),
    /** Faults of one file before it is set aside; without it, tried until it passes. */
    attempts: z.int().min(1).max(10_000).optional(),
  })
  .prefault({});

const settings = z.strictObject({
  name: destinationName,
  /** Who reads it: an agency's name. */
  owner: z.string().min(1).max(120).optional(),
  contacts: z.array(z.string().min(1).max(200)).max(10).default([]),
  feed: z.string().min(1),
  /** All, or only these. */
  facilities: z.array(finess).min(1).max(2000).optional(),
  profile: profile.prefault({ kind: 'all' }),
  format,
  packaging,
  protection,
  transport,
  schedule,
  retry,
  acknowledgement,
  manifest: manifestSettings,
});
export type DestinationConfig = z.infer<typeof settings>;

export const destination = settings.superRefine((found, context) => {
  const report = (path: readonly (string | number)[], message: string): void => {
    context.addIssue({ code: 'custom', path: [...path], message });
  };
  checkForms(found, report);
  checkManifest(found, report);
  checkAcknowledgement(found, report);
});

/** Every destination. `base`: the folder relative paths start from, to tell when two of them meet. */
export function destinationList(base: string) {
  return z
    .array(destination)
    .max(50)
    .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, {
      error: expecting('des noms de destination tous différents', 'destination names that all differ'),
    })
    .superRefine(
      (list, context) => {
        if (!Array.isArray(list)) return;
        // Those that are right by themselves are told their faults together, even while others are wrong.
        const sound = list
          .map((found: DestinationConfig, at) => ({ at, settings: found }))
          .filter(({ settings: found }) => context.issues.length === 0 || settings.safeParse(found).success);
        checkDestinations(sound, base, (path, message) => {
          context.addIssue({ code: 'custom', path: [...path], message });
        });
      },
      { when: () => true },
    )
    .default([]);
}
