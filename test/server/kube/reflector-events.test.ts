import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Act } from '../../support/fault-proxy-rules.ts';
import { reflectorStage } from './reflector-stage.ts';
import type { Watched } from './watched.ts';

const stage = reflectorStage();

const put = (name: string, text: string): Promise<unknown> => stage.world.put(stage.space, name, text);
const remove = (name: string): Promise<void> => stage.world.remove(stage.space, name);

/** A reflector that has told of a and b, and is on a watch that this happens to. */
const watchingWith = async (act: Act): Promise<{ readonly opened: Watched; readonly release: () => void }> => {
  const opened = await stage.watching();
  const [rule] = stage.interrupt(act);
  await expect.poll(() => stage.asked()).toContain('watch on');
  return { opened, release: () => rule?.release() };
};

describe('events that come', () => {
  it('late, from a view held back, are told when they come', async () => {
    const { opened, release } = await watchingWith({ do: 'hold-events' });
    await put('a', '2');
    await put('a', '3');
    await wait(200);
    expect(opened.told).toEqual([]);
    release();
    await opened.tells('+a=2', '+a=3');
  });

  it('late, and only the last of each object, end in the same state', async () => {
    const { opened, release } = await watchingWith({ do: 'hold-events', lastOnly: true });
    for (const text of ['2', '3', '4']) await put('a', text);
    await remove('b');
    await put('b', '9');
    await put('c', '1');
    await remove('c');
    await wait(200);
    release();
    await opened.tells('+a=4', '+b=9');
  });

  it.each([
    ['again from the beginning', { do: 'replay-events', atEvent: 3 }],
    ['twice each', { do: 'dup' }],
    ['each byte in a piece of its own', { do: 'split' }],
  ] as const)('%s are told once', async (_how, act) => {
    const { opened } = await watchingWith(act);
    await put('a', '2€😀');
    await put('b', '2');
    await remove('b');
    await put('a', '3');
    await opened.tells('+a=2€😀', '+b=2', '-b', '+a=3');
  });

  it('in another order do not bring back what is older', async () => {
    const { opened } = await watchingWith({ do: 'swap-events', atEvent: 1 });
    await put('a', '2');
    await put('a', '3');
    await put('b', '2');
    await opened.tells('+a=3', '+b=2');
  });

  it('of a change after that of the deletion that followed it do not bring back the dead', async () => {
    const { opened } = await watchingWith({ do: 'swap-events', atEvent: 1 });
    await put('a', '2');
    await remove('a');
    await put('b', '2');
    await opened.tells('-a', '+b=2');
  });

  it('of a deletion after that of the new object of that name do not take the new one away', async () => {
    const { opened } = await watchingWith({ do: 'swap-events', atEvent: 1 });
    await remove('a');
    await put('a', 'new');
    await put('b', '2');
    await opened.tells('+a=new', '+b=2');
  });

  it('of old from a lagging server, after a resume, are not told', async () => {
    const opened = await stage.watching();
    const { object } = { object: await stage.world.look(stage.space, 'a') };
    const again = `${JSON.stringify({ type: 'MODIFIED', object })}\n`;
    await put('a', '2');
    await opened.tells('+a=2');
    stage.interrupt({ do: 'respond', status: 200, body: again });
    await put('b', '2');
    await opened.tells('+b=2');
  });
});
