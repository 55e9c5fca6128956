import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatSeconds } from '../../src/api/instants.ts';
import type { Kubectl } from './kubectl.ts';

const folder = join(import.meta.dirname, '../../manifests/samples');

/**
 * Applies manifests/samples, with the present in place of the instants that are written there. Where they were there before,
 * what the samples ask for is asked for again, and what somebody has asked for beside it stays.
 */
export async function applySamples(kubectl: Kubectl, now: number): Promise<{ readonly wereThere: boolean }> {
  const before = await kubectl(['get', 'mailaccounts', '-o', 'name']);
  const files = (await readdir(folder)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const present = texts.map((text) => text.replaceAll(/requestedAt: ".*"/g, `requestedAt: "${formatSeconds(now)}"`));
  await kubectl(['apply', '-f', '-'], present.join('\n---\n'));
  return { wereThere: before !== '' };
}
