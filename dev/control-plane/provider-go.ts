import { buildProgram, builtProgram, kubernetesVersion } from './go-build.ts';
import { startLocal } from './local/start.ts';
import { findProgram } from './search-path.ts';
import { Unavailable, type StartProvider } from './types.ts';

/** The same Kubernetes as everywhere, built from its published source where nothing ready-made can be had. */
export const startGo: StartProvider = async (options) => {
  const program = builtProgram() ?? (await buildProgram(findGo(), options));
  const programs = {
    etcd: [program, 'etcd'],
    apiServer: [program, 'apiserver'],
    controllerManager: [program, 'controller-manager'],
    kubectl: [program, 'kubectl'],
  };
  return startLocal('go', programs, options);
};

function findGo(): string {
  const go = findProgram('go');
  if (go !== undefined) return go;
  const remedy = `install Go 1.26 or newer: Kubernetes ${kubernetesVersion} is then built once, in about 7 minutes`;
  throw new Unavailable('there is no go on the PATH', remedy);
}
