/** Pages: all that a list holds, one after the other. */

/** One page of a list, or one part of the export. */
export interface Part {
  data: unknown;
  response: Response;
}

interface Page {
  items: unknown[];
  next_cursor: string | null;
}

/** Gives what is on each page, and asks for the next one when it is wanted. `read` reads the page at a cursor. */
export async function* pagesOf(
  read: (cursor: string | undefined) => Promise<Part>,
): AsyncGenerator<unknown, void, undefined> {
  let cursor: string | undefined;
  do {
    const { data, response } = await read(cursor);
    if (typeof data === 'string') {
      yield data;
      cursor = next(response.headers.get('link'));
    } else {
      const page = data as Page;
      yield* page.items;
      cursor = page.next_cursor ?? undefined;
    }
  } while (cursor !== undefined);
}

/** The cursor in a Link to what comes next. Of the link only that is used, never where it leads. */
function next(link: string | null): string | undefined {
  const encoded = /[?&]cursor=([^&>]+)[^>]*>; *rel="?next/u.exec(link ?? '')?.[1];
  return encoded && decodeURIComponent(encoded);
}
