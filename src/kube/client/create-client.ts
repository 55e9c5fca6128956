import { Caller } from './call.ts';
import type { Call, Client, ClientOptions } from './client.ts';
import type { Result } from './errors.ts';
import { clientReads } from './reads.ts';
import { clientWrites } from './writes.ts';

/** A Client over a transport. */
export const createClient = (options: ClientOptions): Client => {
  const caller = new Caller(options);
  return {
    ...clientReads(caller, options),
    ...clientWrites(caller, options),
    request: async <T>(call: Call): Promise<Result<T>> => (await caller.run(call)) as Result<T>,
  };
};
