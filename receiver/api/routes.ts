import type { ReceiverConfig } from '../config.ts';
import type { ExtractionDesk } from '../extraction/desk.ts';
import { alertRoutes } from './alert-routes.ts';
import { createExtractionRoutes } from './extraction-routes.ts';
import { createFacilityRoutes } from './facility-routes.ts';
import { fileRoutes } from './file-routes.ts';
import { createQualityRoutes } from './quality-routes.ts';
import { reportRoutes } from './report-routes.ts';
import type { ApiRoute } from './route.ts';

export interface ApiRoutesDeps {
  readonly config: Pick<ReceiverConfig, 'watching' | 'destinations' | 'quality'>;
  readonly desk: ExtractionDesk;
}

/** Every route of the API that asks for a token. */
export function createApiRoutes({ config, desk }: ApiRoutesDeps): readonly ApiRoute[] {
  return [
    ...createFacilityRoutes({ config }),
    ...fileRoutes,
    ...createQualityRoutes({ config }),
    ...alertRoutes,
    ...reportRoutes,
    ...createExtractionRoutes({ desk }),
  ];
}
