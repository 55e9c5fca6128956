import { join } from 'node:path';
import { format } from 'prettier';
import { expect, test } from 'vitest';
import { createWorld } from './support/world.ts';

test('docs/openapi.json is what the routes say (vitest -u writes it)', async () => {
  const { replicas } = await createWorld();
  const served = await replicas[0]!.app.inject('/v1/openapi.json');
  expect(served.statusCode).toBe(200);
  const text = await format(served.body, { parser: 'json', printWidth: 120 });
  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, '../../../docs/openapi.json'));
});
