import { type Connection, metadataOnly } from './connection.ts';
import { Lines } from './lines.ts';
import { accountsPath, secretsPath, secretTypeSelector } from './objects.ts';
import { eachPage } from './writes.ts';

interface Collection {
  readonly path: string;
  readonly query: string;
  readonly accept?: string;
}

const metadataList = metadataOnly.replace('PartialObjectMetadata', 'PartialObjectMetadataList');

const readPages = async (connection: Connection, collection: Collection): Promise<number> => {
  const list = collection.accept ? { ...collection, accept: metadataList } : collection;
  let count = 0;
  await eachPage(connection, list, (items) => (count += items.length));
  return count;
};

const initial = '?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';

const readStream = async (connection: Connection, { path, query, accept }: Collection): Promise<number> => {
  let count = 0;
  const whole = Promise.withResolvers<undefined>();
  const lines = new Lines((line) => {
    const event = JSON.parse(line.toString('utf8')) as { readonly type: string };
    if (event.type === 'ADDED') count += 1;
    else whole.resolve(undefined);
  });
  const stream = await connection.stream(path + initial + query, (chunk) => lines.push(chunk), accept);
  await Promise.race([whole.promise, stream.ended]);
  stream.close();
  return count;
};

/** Reads what the operator must know before it is ready: every object parsed, none kept. */
export const readBoth = async (
  connection: Connection,
  namespace: string,
  style: 'pages' | 'stream',
): Promise<number> => {
  const read = style === 'pages' ? readPages : readStream;
  const [accounts, secrets] = await Promise.all([
    read(connection, { path: accountsPath(namespace), query: '' }),
    read(connection, {
      path: secretsPath(namespace),
      query: `&fieldSelector=${secretTypeSelector}`,
      accept: metadataOnly,
    }),
  ]);
  return accounts + secrets;
};
