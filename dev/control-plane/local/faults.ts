import type { LocalFaults } from '../types.ts';
import type { ApiServer } from './api-server.ts';
import { addToken } from './credentials.ts';
import type { Etcd } from './etcd.ts';
import type { Folders } from './folders.ts';

interface Parts {
  readonly etcd: Etcd;
  readonly apiServer: ApiServer;
  readonly folders: Folders;
}

export function localFaults({ etcd, apiServer, folders }: Parts): LocalFaults {
  return {
    freezeEtcd: () => etcd.freeze(),
    thawEtcd: () => etcd.thaw(),
    stopApiServer: () => apiServer.stop(),
    restartApiServer: () => apiServer.restart(),
    snapshotEtcd: () => etcd.snapshot(),
    restoreEtcd: async (snapshot, { restartApiServer }) => {
      await etcd.restore(snapshot);
      await (restartApiServer ? apiServer.restart() : apiServer.waitUntilReady());
    },
    addUserToken: async ({ name, groups = [] }) => {
      const token = await addToken(folders, name, groups);
      await apiServer.restart();
      return token;
    },
  };
}
