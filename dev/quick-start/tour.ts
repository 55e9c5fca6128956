import { setTimeout as sleep } from 'node:timers/promises';
import { formatSeconds } from '../../src/api/instants.ts';
import type { Annotations } from '../../src/api/record.ts';
import type { Verdict } from '../../src/core/second-factor.ts';
import { qrText } from '../../src/totp/qr.ts';
import { type Met, Person } from '../webmail/person.ts';
import { Phone } from './phone.ts';
import type { Stage } from './stage.ts';
import type { Terminal } from './terminal.ts';
import { address, opening, openingManifests, tourSteps, type Move, type TourStep } from './tour-steps.ts';

export const tourNamespace = 'mail-tour';

/** After the end of a suspension the login is asked this long after, not at the very millisecond. */
const afterEndMs = 50;

/** Somebody with the account: at one browser, and with a phone once a QR code was scanned. */
interface Owner {
  readonly person: Person;
  met: Met;
  phone: Phone | undefined;
  /** Until when the phone shows the code that was accepted last: none is accepted twice. */
  spentUntil: number;
}

interface Scene {
  readonly stage: Stage;
  readonly terminal: Terminal;
  readonly owner: Owner;
}

/** Plays the story of one account from beginning to end. Throws at the first step that is not seen on the API server. */
export async function playTour(stage: Stage, terminal: Terminal): Promise<void> {
  try {
    await play(stage, terminal);
  } finally {
    // The next tour begins with nothing, also where this one has failed.
    if (!stage.isOwnControlPlane) await stage.kubectl(['delete', 'namespace', stage.namespace, '--wait=false']);
  }
}

async function play(stage: Stage, terminal: Terminal): Promise<void> {
  const person = new Person(stage.webmail);
  const owner: Owner = { person, met: { kind: 'code' }, phone: undefined, spentUntil: 0 };
  const scene = { stage, terminal, owner };
  await terminal.step('a platform and an account: nothing is switched on yet', async () => {
    await stage.kubectl(['apply', '-f', '-'], openingManifests(stage.namespace));
    await stage.objects.account('anna', 'Off');
  });
  await show(scene, opening, {});
  for (const [index, step] of tourSteps.entries()) {
    terminal.heading(`${index + 1}. ${step.title}`);
    const before = await stage.objects.secretAnnotations(address);
    await makeMove(scene, step.move);
    await show(scene, step, before);
  }
  terminal.heading(`Seen on the API server and at the login service: all ${tourSteps.length} steps`);
}

async function makeMove(scene: Scene, move: Move): Promise<void> {
  const { stage, terminal } = scene;
  switch (move.kind) {
    case 'patch': {
      const args = ['patch', move.object, move.name, '--type', 'merge', '-p', move.patch(Date.now())];
      terminal.say(terminal.styled('bold', `$ kubectl ${args.slice(0, -1).join(' ')} \\\n    '${args.at(-1) ?? ''}'`));
      terminal.say((await stage.kubectl(args)).trimEnd());
      return;
    }
    case 'scan':
      return scan(scene);
    case 'wait':
      await waitForEnd(scene);
      await signIn(scene);
      return typeCode(scene);
  }
}

/** The page with the QR code is there since the step before. */
async function scan(scene: Scene): Promise<void> {
  const { terminal, owner } = scene;
  if (owner.met.kind !== 'enroll') throw new Error('the login service shows no QR code');
  terminal.say(await qrText(owner.met.otpauthUri, { ansi: terminal.isInteractive }));
  terminal.say('\nThe phone scans it from the page.');
  owner.phone = new Phone(owner.met.otpauthUri);
  owner.spentUntil = 0;
  return typeCode(scene);
}

/** Types what the phone shows into the page of the login service; it must lead to the inbox. */
async function typeCode({ stage, terminal, owner }: Scene): Promise<void> {
  if (!owner.phone) throw new Error('no phone has scanned anything yet');
  const waitMs = owner.spentUntil - Date.now();
  if (waitMs > 0) {
    terminal.say(
      `The phone still shows the code that was used: waiting for the next one, ${Math.ceil(waitMs / 1000)} s.`,
    );
    await sleep(waitMs, undefined, { signal: stage.signal });
  }
  const { code, until } = owner.phone.at(Date.now());
  terminal.say(`The phone shows ${terminal.styled('bold', code)}; it is typed.`);
  owner.met = await owner.person.typeCode(code);
  owner.spentUntil = until;
  terminal.say(`The webmail: ${inWords(owner.met)}.`);
  if (owner.met.kind !== 'inbox') throw new Error('the code did not open the inbox');
}

async function signIn({ terminal, owner }: Scene): Promise<void> {
  owner.met = await owner.person.signIn(address);
  terminal.say(`Anna signs in at the webmail: ${inWords(owner.met)}.`);
}

function inWords(met: Met): string {
  switch (met.kind) {
    case 'inbox':
      return `the inbox, ${met.said}`;
    case 'enroll':
      return 'the login service shows a QR code';
    case 'code':
      return 'the login service asks for the code';
    case 'refused':
      return `refused, "${met.said}"`;
  }
}

/** The login knows the end from the Secret and its clock, on the second; the status follows. */
async function waitForEnd({ stage: { login, signal }, terminal }: Scene): Promise<void> {
  const { verdict } = await login.meets(address);
  if (verdict.kind !== 'none' || verdict.reason !== 'Suspended') throw new Error('the suspension is over already');
  terminal.say(`Waiting until ${formatSeconds(verdict.until)}. Nobody does anything.`);
  await sleep(Math.max(0, verdict.until - Date.now()) + afterEndMs, undefined, { signal });
  const { sentence } = await login.meets(address);
  terminal.say(`${afterEndMs} ms later: ${sentence}.`);
}

/** What the login service's page is for each verdict. */
const metAt: Readonly<Record<Verdict['kind'], Met['kind']>> = {
  none: 'inbox',
  enroll: 'enroll',
  code: 'code',
  deny: 'refused',
};

/** Waits for what the step must come to, and shows the objects as they are then, and what somebody meets who signs in. */
async function show(scene: Scene, step: Omit<TourStep, 'move'>, before: Annotations): Promise<void> {
  const { stage, terminal, owner } = scene;
  const account = await stage.objects.account('anna', step.phase, step.also);
  const { verdict, sentence } = await stage.login.meets(address);
  if (verdict.kind !== step.verdict)
    throw new Error(`expected the login to meet "${step.verdict}", and it met: ${sentence}`);
  if (step.shows.includes('xp')) {
    await terminal.step('the accounts of the platform are counted (within 10 seconds)', () => stage.objects.settled());
  }
  for (const kind of step.shows) terminal.say(`\n${(await stage.kubectl(['get', kind])).trimEnd()}`);
  terminal.say(`\nThe login: ${terminal.styled('bold', `${sentence}.`)}`);
  await signIn(scene);
  if (owner.met.kind !== metAt[step.verdict])
    throw new Error(`expected the login service to say "${step.verdict}", and it was ${inWords(owner.met)}`);
  const changes = changesOf(before, await stage.objects.secretAnnotations(address));
  if (changes.length > 0) terminal.say(`\nSecret ${account.status?.secretName ?? ''}`);
  for (const { sign, text } of changes)
    terminal.say(terminal.styled(sign === '+' ? 'green' : 'red', `  ${sign} ${text}`));
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
