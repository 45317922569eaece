/** What a role is called. */

import type { Roles } from '../session/api.ts';
import { type Speech, title } from '../words/say.ts';

/** The title of a role by its id; of one that is not known, the id. */
export const roleTitle = (id: string, roles: Roles | undefined, speech: Speech): string =>
  title('role', id, roles?.items.find((one) => one.id === id)?.title ?? id, speech);
