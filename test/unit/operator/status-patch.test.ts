import { expect, test } from 'vitest';
import { statusPatch } from '../../../src/operator/do/status.ts';

const conditions = [{ type: 'Ready', status: 'True' }];

const rows = [
  {
    says: 'the same status is no write, whatever objects it is made of',
    before: { phase: 'Off', conditions },
    after: { conditions: [{ type: 'Ready', status: 'True' }], phase: 'Off' },
    patch: undefined,
  },
  {
    says: 'only what differs is sent',
    before: { phase: 'Off', observedGeneration: 1 },
    after: { phase: 'Off', observedGeneration: 2 },
    patch: { observedGeneration: 2 },
  },
  {
    says: 'a field that is over is taken away by null (RFC 7396)',
    before: { phase: 'Suspended', suspendedUntil: '2026-12-01T08:00:00Z' },
    after: { phase: 'Enforced' },
    patch: { phase: 'Enforced', suspendedUntil: null },
  },
  {
    says: 'a list is sent whole when one of its conditions goes',
    before: { conditions: [...conditions, { type: 'Stalled', status: 'True' }] },
    after: { conditions },
    patch: { conditions },
  },
];

test.each(rows)('$says', ({ before, after, patch }) => {
  expect(statusPatch(before, after)).toEqual(patch);
});
