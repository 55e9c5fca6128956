import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { startControlPlane, type ControlPlane } from '../../dev/control-plane/index.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The administrator's, of the one control plane that all files of the project share. */
    kubeconfig: string;
    /** The beginning of a kubectl command against it. */
    kubectl: string[];
  }
}

const crds = join(import.meta.dirname, '../../crds');

/** One control plane with our CRDs for a whole run; what it answers is called at the run's end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const controlPlane = await startControlPlane();
  try {
    await applyCrds(controlPlane);
  } catch (error) {
    await controlPlane.stop();
    throw error;
  }
  project.provide('kubeconfig', controlPlane.kubeconfig);
  project.provide('kubectl', [...controlPlane.kubectl]);
  return () => controlPlane.stop();
}

async function applyCrds({ kubectl: [program = '', ...prefix] }: ControlPlane): Promise<void> {
  const kubectl = (...args: string[]) => promisify(execFile)(program, [...prefix, ...args]);
  await kubectl('apply', '--server-side', '-k', crds);
  await kubectl('wait', 'crd', '--all', '--for=condition=Established', '--timeout=60s');
}
