import type { ListOptions } from '../../kube/client/client.ts';
import { success, type Result } from '../../kube/client/errors.ts';
import type { KubeObject, Resource, Stored } from '../../kube/client/resource.ts';
import type { Cluster } from './connect.ts';

const pageSize = 500;

/** Every object of a list, page by page, or why one of the pages could not be read. */
export const listAll = async <T extends KubeObject = KubeObject>(
  { client }: Cluster,
  resource: Resource,
  options: ListOptions,
): Promise<Result<readonly Stored<T>[]>> => {
  const items: Stored<T>[] = [];
  for (let more: string | undefined; ;) {
    const page = await client.list<T>(resource, {
      ...options,
      limit: pageSize,
      ...(more !== undefined && { continue: more }),
    });
    if (!page.ok) return page;
    items.push(...page.value.items);
    more = page.value.continue;
    if (more === undefined) return success(items);
  }
};
