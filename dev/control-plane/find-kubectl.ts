import { join } from 'node:path';
import { builtProgram } from './go-build.ts';
import { findProgram, isProgram } from './search-path.ts';
import { Unavailable } from './types.ts';

/** A kubectl for a cluster that brings none: the machine's own, or one that came with another provider. */
export function findKubectl(): readonly string[] {
  const onPath = findProgram('kubectl');
  if (onPath !== undefined) return [onPath];
  const assets = process.env['KUBEBUILDER_ASSETS'];
  if (assets !== undefined && isProgram(join(assets, 'kubectl'))) return [join(assets, 'kubectl')];
  const built = builtProgram();
  if (built !== undefined) return [built, 'kubectl'];
  throw new Unavailable('there is no kubectl on the PATH', 'install kubectl');
}
