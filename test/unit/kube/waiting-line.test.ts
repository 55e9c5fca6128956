import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WaitingLine } from '../../../src/kube/queue/waiting-line.ts';

it('for any sequence, a waiting line gives keys in the order in which they came', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const step = fc.oneof(fc.record({ do: fc.constantFrom('add', 'remove'), key }), fc.constant({ do: 'take', key: '' }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const line = new WaitingLine();
      const model: string[] = [];
      for (const action of steps) {
        if (action.do === 'add') {
          line.add(action.key, 0);
          if (!model.includes(action.key)) model.push(action.key);
        } else if (action.do === 'remove') {
          line.remove(action.key);
          if (model.includes(action.key)) model.splice(model.indexOf(action.key), 1);
        } else expect(line.take()).toBe(model.shift());
        expect(line.depth).toBe(model.length);
      }
    }),
  );
});
