import type { Connection } from '../raw-client/connection.ts';
import { readServer } from './api-server.ts';
import { median } from './statistics.ts';

/** Reading the metrics costs CPU itself, and so does doing nothing for the time that the work took. */
const costOfReading = async (admin: Connection): Promise<number> => {
  const costs: number[] = [];
  for (let reading = 0; reading < 3; reading += 1) {
    const [before, after] = [await readServer(admin), await readServer(admin)];
    costs.push(after.cpuMs - before.cpuMs);
  }
  return median(costs);
};

/** CPU time of the API server in milliseconds for one of `count` equal requests. */
export const serverCost = async (admin: Connection, count: number, work: () => Promise<unknown>): Promise<number> => {
  const reading = await costOfReading(admin);
  const before = await readServer(admin);
  await work();
  const after = await readServer(admin);
  return (after.cpuMs - before.cpuMs - reading) / count;
};
