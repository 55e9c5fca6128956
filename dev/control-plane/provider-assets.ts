import { join } from 'node:path';
import { startLocal } from './local/start.ts';
import { findProgram, isProgram } from './search-path.ts';
import { Unavailable, type StartProvider } from './types.ts';

const remedy =
  'set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kubectl (kube-controller-manager too, if possible)';

/** The programs that setup-envtest fetches, or any others of these names in one folder. */
export const startAssets: StartProvider = async (options) => {
  const folder = process.env['KUBEBUILDER_ASSETS'];
  if (folder === undefined || folder === '') throw new Unavailable('KUBEBUILDER_ASSETS is not set', remedy);
  const missing = ['etcd', 'kube-apiserver'].filter((name) => !isProgram(join(folder, name)));
  const kubectl = [join(folder, 'kubectl')].find(isProgram) ?? findProgram('kubectl');
  if (kubectl === undefined) missing.push('kubectl');
  if (kubectl === undefined || missing.length > 0) {
    throw new Unavailable(`KUBEBUILDER_ASSETS=${folder} holds no ${missing.join(' and no ')}`, remedy);
  }
  const manager = join(folder, 'kube-controller-manager');
  if (!isProgram(manager)) {
    options.log('no kube-controller-manager there: nothing collects garbage, and deleted namespaces stay Terminating');
  }
  const programs = {
    etcd: [join(folder, 'etcd')],
    apiServer: [join(folder, 'kube-apiserver')],
    controllerManager: isProgram(manager) ? [manager] : undefined,
    kubectl: [kubectl],
  };
  return startLocal('assets', programs, options);
};
