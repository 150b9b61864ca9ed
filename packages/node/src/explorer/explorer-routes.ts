/** Every route of the explorer, in the order in which its index lists them. */
import { ACTOR_ROUTES } from './actor-routes.ts';
import { ACCOUNT_ROUTES } from './earning-routes.ts';
import type { ExplorerRoute } from './explorer-route.ts';
import { SERVICE_ROUTES } from './service-routes.ts';
import { TALLY_ROUTES } from './tally-routes.ts';
import { WORK_ROUTES } from './work-routes.ts';

export const EXPLORER_ROUTES: readonly ExplorerRoute[] = [
  ...TALLY_ROUTES,
  ...SERVICE_ROUTES,
  ...ACTOR_ROUTES,
  ...ACCOUNT_ROUTES,
  ...WORK_ROUTES,
];
