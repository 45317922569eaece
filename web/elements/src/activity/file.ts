/** The log as one file: read part by part, and given to the browser to keep. */

import type { Client } from '../session/api.ts';
import type { Query } from './filters.ts';

/** By which a spreadsheet knows that a file is UTF-8. Where a text is read, it is taken away. */
const BYTE_ORDER_MARK = '\uFEFF';

interface Wanted {
  readonly organization_id: string;
  readonly query: Query;
  readonly signal: AbortSignal;
  /** Is told how many rows there are so far. */
  readonly progress: (rows: number) => void;
}

/** Reads all of it. Each part begins with the same header, of which one is kept. */
export async function readAll(client: Client, { organization_id, query, signal, progress }: Wanted): Promise<Blob> {
  const params = { path: { organization_id }, query };
  const parts = [BYTE_ORDER_MARK];
  let rows = 0;
  for await (const part of client.pages('/organizations/{organization_id}/activity.csv', { params, signal })) {
    const lines = part.slice(part.indexOf('\n') + 1);
    parts.push(parts.length > 1 ? lines : part.replace(BYTE_ORDER_MARK, ''));
    rows += lines.split('\n').length - 1; // no cell holds a line break: what people write has none, and data is JSON
    progress(rows);
  }
  return new Blob(parts, { type: 'text/csv' });
}

/** Lets the browser keep a file. */
export function keep(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // By then, the browser has it.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
