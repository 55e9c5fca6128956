import type { Phase } from '../../src/api/phases.ts';
import { systemClock } from '../../src/host/clock.ts';
import { qrText } from '../../src/totp/qr.ts';
import { Person } from '../webmail/person.ts';
import { codeTeller } from './codes.ts';
import { follow } from './follow.ts';
import { apiCommand, nextCommands, shellSetup } from './next-commands.ts';
import { Phone } from './phone.ts';
import { applySamples } from './samples.ts';
import type { Stage } from './stage.ts';
import type { Terminal } from './terminal.ts';

export const sampleNamespace = 'mail-demo';

const [anna, emil] = ['anna@example.com', 'emil@example.com'];

/** Wrong codes after which an account is locked. */
const wrongCodes = 25;

/** What the samples come to, so that every phase is there. */
const expected: Readonly<Record<string, Phase>> = {
  anna: 'Enforced',
  ben: 'Enrolling',
  carl: 'Suspended',
  dora: 'Off',
  emil: 'Locked',
  fay: 'Blocked',
  gil: 'Enrolling',
};

/** Applies the samples, brings every phase about, shows it, and stays until somebody ends it. */
export async function playSamples(stage: Stage, terminal: Terminal): Promise<void> {
  const { wereThere } = await terminal.step(
    'a platform and seven accounts: kubectl apply -f manifests/samples',
    async () => {
      const applied = await applySamples(stage.kubectl, Date.now());
      await stage.objects.observed();
      return applied;
    },
  );
  await terminal.step("Anna scans her QR code and types a first code; somebody guesses at Emil's", () =>
    enrolAndLock(stage),
  );
  await terminal.step('all are at their generation, and counted (within 10 seconds)', async () => {
    // Where somebody has tried the commands below, the accounts are as they were left.
    const told = wereThere ? [] : Object.entries(expected);
    await Promise.all(told.map(([name, phase]) => stage.objects.account(name, phase)));
    await stage.objects.settled();
  });
  await showTables(stage, terminal);
  await showLogins(stage, terminal);
  await showQr(stage, terminal);
  showWebmail(stage, terminal);
  showNext(stage, terminal);
  await follow(stage, terminal);
}

/** On a cluster that has seen the samples before, they may be so already. */
async function enrolAndLock({ login, webmail }: Stage): Promise<void> {
  if ((await login.meets(anna)).verdict.kind === 'enroll') await enrol(new Person(webmail), anna);
  // The login service would make a guesser wait for hours.
  if ((await login.meets(emil)).verdict.kind !== 'deny') await login.wrongCodes(emil, wrongCodes);
}

/** As people do it: password, QR code, code, inbox. */
async function enrol(person: Person, address: string): Promise<void> {
  const met = await person.signIn(address);
  if (met.kind !== 'enroll') throw new Error(`no QR code was shown to ${address}: ${JSON.stringify(met)}`);
  const { kind } = await person.typeCode(new Phone(met.otpauthUri).at(Date.now()).code);
  if (kind !== 'inbox') throw new Error(`the first code of ${address} led to "${kind}"`);
}

async function showTables({ kubectl }: Stage, terminal: Terminal): Promise<void> {
  for (const kind of ['xp', 'ma']) {
    terminal.say(`\n${terminal.styled('bold', `$ kubectl get ${kind}`)}`);
    terminal.say((await kubectl(['get', kind])).trimEnd());
  }
}

async function showLogins({ login, objects }: Stage, terminal: Terminal): Promise<void> {
  terminal.heading('What a login meets now');
  for (const { metadata, spec } of await objects.accounts()) {
    const { sentence } = await login.meets(spec.address);
    terminal.say(`  ${terminal.styled('bold', metadata.name.padEnd(6))}${sentence}.`);
  }
}

async function showQr({ login }: Stage, terminal: Terminal): Promise<void> {
  const { verdict } = await login.meets(anna);
  if (verdict.kind !== 'code') return;
  terminal.heading('The QR code that the login service has shown to Anna');
  const { otpauthUri } = await login.seedOf(anna);
  terminal.say(await qrText(otpauthUri, { ansi: terminal.isInteractive }));
  terminal.say('\n  Her phone has scanned it. Scan it with an OTP app, and yours shows the same codes.');
}

function showWebmail(stage: Stage, terminal: Terminal): void {
  terminal.heading('Sign in yourself');
  terminal.say(`  ${terminal.styled('bold', stage.webmail)}   a demonstration webmail: every password is "demo"`);
  terminal.say('  As ben@example.com: scan the QR code and type the code, from your phone or from here, and you');
  terminal.say('  are in; the next time only the code is asked for. Then suspend, reset or remove below.');
  const tell = codeTeller(stage, terminal, systemClock);
  stage.onPassword((address) => void tell(address));
}

function showNext(stage: Stage, terminal: Terminal): void {
  terminal.heading('Try next, in another terminal');
  for (const line of shellSetup(stage)) terminal.say(`  ${line}`);
  for (const { comment, command } of [...nextCommands, apiCommand(stage.issuer)]) {
    terminal.say(`\n  ${terminal.styled('dim', `# ${comment}`)}`);
    for (const line of command) terminal.say(`  ${line}`);
  }
  terminal.say(`\n  The operator's log: ${stage.operatorLog}`);
  terminal.say(`  The login service's: ${stage.loginLog}`);
  const scope = stage.isOwnControlPlane ? 'everything' : 'the programs; what was installed in the cluster stays';
  terminal.say(terminal.styled('bold', `\nCtrl-C ends ${scope}.`));
  terminal.say('Until then, each change of what a login meets is said here:\n');
}
