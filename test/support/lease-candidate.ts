import { systemClock } from '../../src/host/clock.ts';
import { silentLog } from '../../src/host/log.ts';
import { systemRandom } from '../../src/host/random.ts';
import { createClient } from '../../src/kube/client/create-client.ts';
import { createLeadership } from '../../src/kube/lease/lease.ts';
import { Tripwire } from '../../src/kube/client/tripwire.ts';
import { createUndiciTransport } from '../../src/kube/transport/undici-transport.ts';

/**
 * A process that campaigns for a Lease: what a test can freeze. Each line of its output is a moment (Unix ms) and what
 * happened or holds then: `elected`, `lost`, `holds`.
 */

const say = (what: string): void => void process.stdout.write(`${Date.now()} ${what}\n`);
const { SERVER = '', TOKEN = '', NAMESPACE = '', IDENTITY = '' } = process.env;

const credentials = { server: SERVER, tls: {}, authorization: `Bearer ${TOKEN}` };
const source = { current: () => Promise.resolve(credentials), renew: () => Promise.resolve(credentials) };
const transport = createUndiciTransport({ credentials: source, clock: systemClock });
const tripwire = new Tripwire(systemClock);
const common = { clock: systemClock, random: systemRandom, tripwire };
const leadership = createLeadership({
  ...common,
  client: createClient({ ...common, transport, userAgent: 'lease-candidate/1' }),
  log: silentLog,
  namespace: NAMESPACE,
  name: 'lease',
  identity: IDENTITY,
  onElected: () => say('elected'),
  onLost: () => say('lost'),
});

void leadership.start();
setInterval(() => {
  if (leadership.holds()) say('holds');
}, 20);
