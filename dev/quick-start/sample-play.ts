import { qrText } from '../../src/totp/qr.ts';
import { follow } from './follow.ts';
import { nextCommands, shellSetup } from './next-commands.ts';
import { type Phase } from '../../src/api/phases.ts';
import { applySamples } from './samples.ts';
import { type Stage } from './stage.ts';
import { type Terminal } from './terminal.ts';

export const sampleNamespace = 'mail-demo';

const [anna, ben, emil] = ['anna@example.com', 'ben@example.com', 'emil@example.com'];

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
  await terminal.step('a platform and seven accounts: kubectl apply -f manifests/samples', async () => {
    await applySamples(stage.kubectl, Date.now());
    await stage.objects.observed();
  });
  await terminal.step("Anna scans her QR code and types a first code; somebody guesses at Emil's", () =>
    enrolAndLock(stage),
  );
  await terminal.step('all are at their generation, and counted (within 10 seconds)', async () => {
    await Promise.all(Object.entries(expected).map(([name, phase]) => stage.objects.account(name, phase)));
    await stage.objects.settled();
  });
  await showTables(stage, terminal);
  await showLogins(stage, terminal);
  await showQr(stage, terminal);
  showWebmail(stage, terminal);
  showNext(stage, terminal);
  await follow(stage, terminal);
}

/** As a login service does it. On a cluster that has seen the samples before, they may be so already. */
async function enrolAndLock({ login }: Stage): Promise<void> {
  if ((await login.meets(anna)).verdict.kind === 'enroll') {
    await login.showQr(anna);
    await login.enrol(anna);
  }
  if ((await login.meets(emil)).verdict.kind !== 'deny') await login.wrongCodes(emil, wrongCodes);
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
  terminal.heading("Ben's QR code, as the login shows it: scan it with an OTP app");
  terminal.say(await qrText(await login.showQr(ben), { ansi: terminal.isInteractive }));
  terminal.say(`\n  The Secret notes when it was first shown, and a later page says so.`);
}

function showWebmail({ webmail }: Stage, terminal: Terminal): void {
  if (webmail === undefined) return;
  terminal.heading('Sign in yourself');
  terminal.say(`  ${terminal.styled('bold', webmail)}   a demonstration webmail: every password is "demo"`);
  terminal.say('  As ben@example.com: scan the QR code, type the code it shows, and you are in.');
  terminal.say('  Then suspend, reset or remove below, and sign in again.');
}

function showNext(stage: Stage, terminal: Terminal): void {
  terminal.heading('Try next, in another terminal');
  for (const line of shellSetup(stage)) terminal.say(`  ${line}`);
  for (const { comment, command } of nextCommands) {
    terminal.say(`\n  ${terminal.styled('dim', `# ${comment}`)}`);
    for (const line of command) terminal.say(`  ${line}`);
  }
  terminal.say(`\n  The operator's log: ${stage.operatorLog}`);
  const scope = stage.isOwnControlPlane ? 'everything' : 'the operator; what was installed in the cluster stays';
  terminal.say(terminal.styled('bold', `\nCtrl-C ends ${scope}.`));
  terminal.say('Until then, each change is said here:\n');
}
