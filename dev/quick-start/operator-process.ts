import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Child } from '../control-plane/local/child.ts';
import type { Guard } from '../control-plane/local/guard.ts';
import { listeningIn } from '../listening.ts';
import { until } from './until.ts';

export interface OperatorOptions {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly logFile: string;
  readonly guard: Guard;
  readonly signal: AbortSignal;
}

const program = join(import.meta.dirname, '../../src/operator/main.ts');
const startTimeoutMs = 30_000;

/** Starts the operator as a process of its own and waits until it has read everything. */
export async function startOperator(options: OperatorOptions): Promise<Child> {
  const { kubeconfig, namespace, logFile, guard, signal } = options;
  const command = [process.execPath, program, '--kubeconfig', kubeconfig, '--namespaces', namespace];
  const operator = new Child({ name: 'operator', command, logFile, guard });
  await until('the operator is ready', () => isReady(operator, logFile), { timeoutMs: startTimeoutMs, signal });
  return operator;
}

async function isReady(operator: Child, logFile: string): Promise<true | undefined> {
  if (operator.ending !== undefined) throw new Error(operator.account());
  // it chooses a free port itself
  const address = listeningIn(await readFile(logFile, 'utf8'));
  if (address === undefined) return undefined;
  const { ok } = await fetch(`${address}/readyz`);
  return ok || undefined;
}
