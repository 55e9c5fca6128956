import type { Client, ListOptions } from './client.ts';
import { success, type Result } from './errors.ts';
import type { KubeObject, Resource, Stored } from './resource.ts';

/** As kubectl and client-go page. */
const pageSize = 500;

/**
 * Reads a whole list, page by page, and tells of each object; answers with the version of the list, or with why a page
 * could not be read.
 */
export const readPages = async <T extends KubeObject = KubeObject>(
  client: Pick<Client, 'list'>,
  resource: Resource,
  options: Omit<ListOptions, 'limit' | 'continue'>,
  tell: (object: Stored<T>) => void,
): Promise<Result<string>> => {
  let token: string | undefined;
  for (;;) {
    const page = await client.list<T>(resource, {
      ...options,
      limit: pageSize,
      ...(token !== undefined && { continue: token }),
    });
    if (!page.ok) return page;
    for (const object of page.value.items) tell(object);
    token = page.value.continue;
    if (token === undefined) return success(page.value.resourceVersion);
  }
};
