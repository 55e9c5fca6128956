import type { ListOptions } from '../../kube/client/client.ts';
import { success, type Result } from '../../kube/client/errors.ts';
import { readPages } from '../../kube/client/read-pages.ts';
import type { KubeObject, Resource, Stored } from '../../kube/client/resource.ts';
import type { Cluster } from './connect.ts';

/** Every object of a list, or why a page of it could not be read. */
export const listAll = async <T extends KubeObject = KubeObject>(
  { client }: Cluster,
  resource: Resource,
  options: ListOptions,
): Promise<Result<readonly Stored<T>[]>> => {
  const items: Stored<T>[] = [];
  const read = await readPages<T>(client, resource, options, (object) => void items.push(object));
  return read.ok ? success(items) : read;
};
