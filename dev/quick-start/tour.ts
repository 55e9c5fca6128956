import { setTimeout as sleep } from 'node:timers/promises';
import { formatSeconds } from '../../src/api/instants.ts';
import { type Annotations } from '../../src/api/record.ts';
import { qrText } from '../../src/totp/qr.ts';
import { type Stage } from './stage.ts';
import { type Terminal } from './terminal.ts';
import { address, opening, openingManifests, tourSteps, type Deed, type TourStep } from './tour-steps.ts';

export const tourNamespace = 'mail-tour';

/** After the end of a suspension the login is asked this long after, not at the very millisecond. */
const afterEndMs = 50;

/** Plays the story of one account from beginning to end. Throws at the first step that is not seen on the API server. */
export async function playTour(stage: Stage, terminal: Terminal): Promise<void> {
  await terminal.step('a platform and an account: nothing is switched on yet', async () => {
    await stage.kubectl(['apply', '-f', '-'], openingManifests(stage.namespace));
    await stage.objects.account('anna', 'Off');
  });
  await show(stage, terminal, opening, {});
  for (const [index, step] of tourSteps.entries()) {
    terminal.heading(`${index + 1}. ${step.title}`);
    const before = await stage.objects.secretAnnotations(address);
    await doDeed(stage, terminal, step.deed);
    await show(stage, terminal, step, before);
  }
  terminal.heading(`Seen on the API server: all ${tourSteps.length} steps`);
  if (!stage.isOwnControlPlane) await stage.kubectl(['delete', 'namespace', stage.namespace, '--wait=false']);
}

async function doDeed(stage: Stage, terminal: Terminal, deed: Deed): Promise<void> {
  switch (deed.kind) {
    case 'patch': {
      const args = ['patch', deed.object, deed.name, '--type', 'merge', '-p', deed.patch(Date.now())];
      terminal.say(terminal.styled('bold', `$ kubectl ${args.slice(0, -1).join(' ')} \\\n    '${args.at(-1) ?? ''}'`));
      terminal.say((await stage.kubectl(args)).trimEnd());
      return;
    }
    case 'scan':
      terminal.say(await qrText(await stage.login.showQr(address), { ansi: terminal.isInteractive }));
      terminal.say('\nThe phone scans it, computes the first code, and the login accepts it.');
      return stage.login.enrol(address);
    case 'wait':
      return waitForEnd(stage, terminal);
  }
}

/** The login knows the end from the Secret and its clock, on the second; the status follows. */
async function waitForEnd({ login, signal }: Stage, terminal: Terminal): Promise<void> {
  const { verdict } = await login.meets(address);
  if (verdict.kind !== 'none' || verdict.reason !== 'Suspended') throw new Error('the suspension is over already');
  terminal.say(`Waiting until ${formatSeconds(verdict.until)}. Nobody does anything.`);
  await sleep(Math.max(0, verdict.until - Date.now()) + afterEndMs, undefined, { signal });
  const { sentence } = await login.meets(address);
  terminal.say(`${afterEndMs} ms later: ${sentence}.`);
}

/** Waits for what the step must come to, and shows the objects as they are then. */
async function show(
  stage: Stage,
  terminal: Terminal,
  step: Omit<TourStep, 'deed'>,
  before: Annotations,
): Promise<void> {
  const account = await stage.objects.account('anna', step.phase, step.also);
  const { verdict, sentence } = await stage.login.meets(address);
  if (verdict.kind !== step.verdict)
    throw new Error(`expected the login to meet "${step.verdict}", and it met: ${sentence}`);
  for (const kind of step.shows) terminal.say(`\n${(await stage.kubectl(['get', kind])).trimEnd()}`);
  const changes = changesOf(before, await stage.objects.secretAnnotations(address));
  if (changes.length > 0) terminal.say(`\nSecret ${account.status?.secretName ?? ''}`);
  for (const { sign, text } of changes)
    terminal.say(terminal.styled(sign === '+' ? 'green' : 'red', `  ${sign} ${text}`));
  terminal.say(`\nThe login: ${terminal.styled('bold', `${sentence}.`)}`);
}

interface Change {
  readonly sign: '+' | '-';
  readonly text: string;
}

function changesOf(before: Annotations, after: Annotations): readonly Change[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key): Change[] => {
    const [from, to] = [before[key], after[key]];
    if (from === to) return [];
    const gone: Change[] = from === undefined ? [] : [{ sign: '-', text: `${key.padEnd(15)} ${from}` }];
    return to === undefined ? gone : [...gone, { sign: '+', text: `${key.padEnd(15)} ${to}` }];
  });
}
