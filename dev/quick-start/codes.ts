import { type Clock, sleep } from '../../src/host/clock.ts';
import { formatSeconds } from '../../src/api/instants.ts';
import { Phone } from './phone.ts';
import type { Stage } from './stage.ts';
import type { Terminal } from './terminal.ts';

interface Seen {
  readonly login: Pick<Stage['login'], 'meets' | 'seedOf'>;
  readonly objects: Pick<Stage['objects'], 'secretAnnotations'>;
  readonly signal: AbortSignal;
}

/** Said at a time; the next ones when these are over. */
const codesTold = 3;
/** As long as the login service's page waits for a code. */
const longestMs = 15 * 60_000;

/**
 * For who has no phone at hand: says what one would show, from the password until a code was accepted. Of several who
 * typed one, the last is told.
 */
export function codeTeller(seen: Seen, terminal: Terminal, clock: Clock): (address: string) => Promise<void> {
  let latest = 0;
  return (address) => {
    latest += 1;
    const mine = latest;
    return tellCodes(seen, terminal, clock, address, () => mine === latest).catch(() => undefined);
  };
}

async function tellCodes(
  seen: Seen,
  terminal: Terminal,
  clock: Clock,
  address: string,
  isLatest: () => boolean,
): Promise<void> {
  const end = clock.now() + longestMs;
  const stepBefore = await lastStep(seen, address);
  const isAwaited = async (): Promise<boolean> =>
    isLatest() &&
    !seen.signal.aborted &&
    (await asksFor(seen, address)) &&
    (await lastStep(seen, address)) === stepBefore;
  if (!(await isAwaited())) return;
  const name = address.slice(0, address.indexOf('@'));
  terminal.say(`\n  ${terminal.styled('bold', name)} has typed the password. A phone with the QR code shows:`);
  do {
    const until = tellSome(new Phone((await seen.login.seedOf(address)).otpauthUri), terminal, clock.now());
    await sleep(clock, until - clock.now(), seen.signal);
  } while (clock.now() < end && (await isAwaited()));
}

/** Says the present code and those after it; until when the last one is shown. */
function tellSome(phone: Phone, terminal: Terminal, nowMs: number): number {
  let instant = nowMs;
  for (let count = 0; count < codesTold; count += 1) {
    const { code, until } = phone.at(instant);
    terminal.say(`    ${terminal.styled('bold', code)}   until ${formatSeconds(until).slice(11)}`);
    instant = until;
  }
  terminal.say();
  return instant;
}

async function asksFor({ login }: Seen, address: string): Promise<boolean> {
  const { kind } = (await login.meets(address)).verdict;
  return kind === 'enroll' || kind === 'code';
}

/** Another one after each accepted code. */
async function lastStep({ objects }: Seen, address: string): Promise<string | undefined> {
  return (await objects.secretAnnotations(address))['last-step'];
}
