import { open } from 'node:fs/promises';
import { toBuffer } from 'qrcode';
import { secretNameFor, secretType } from '../../api/names.ts';
import { annotation, type SecretRecord } from '../../api/record.ts';
import { secondFactor } from '../../core/second-factor.ts';
import { secretsResource, type KubeObject } from '../../kube/client/resource.ts';
import { qrSvg, qrText } from '../../totp/qr.ts';
import { findAccounts } from '../cluster/accounts.ts';
import { withCluster, type Cluster, type ClusterOptions } from '../cluster/connect.ts';
import type { Account } from '../cluster/objects.ts';
import { failureOf } from '../cluster/sentences.ts';
import { confirm } from '../frame/confirm.ts';
import { Failure, usageFailure } from '../frame/failure.ts';
import { tell } from '../frame/terminal.ts';

export interface QrOptions extends ClusterOptions {
  readonly svg?: string;
  readonly png?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
}

interface Secret extends KubeObject {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

const readSecret = async (cluster: Cluster, account: Account): Promise<Secret> => {
  const { namespace = '' } = account.metadata;
  const name = secretNameFor(account.spec.address) ?? '';
  const answer = await cluster.client.get<Secret>(secretsResource, { namespace, name });
  if (answer.ok) return answer.value;
  if (answer.error.kind === 'notFound') {
    throw new Failure(
      `${account.metadata.name} has no Secret yet: kubectl twofactor status ${account.metadata.name} says why`,
    );
  }
  if (answer.error.kind === 'forbidden') {
    throw new Failure(
      `these rights do not include get on secrets in namespace ${namespace}: the QR code is shown by the login itself, and needs nobody to read it`,
    );
  }
  throw await failureOf(cluster, answer.error, { verbs: ['get'], resource: 'secrets', namespace });
};

/** Only a seed that nobody holds yet may be shown: afterwards a second phone could be enrolled behind somebody's back. */
const refuseUnlessEnrolling = ({ metadata }: Account, record: SecretRecord, now: number): void => {
  const { name } = metadata;
  const enrolledAt = record.annotations[annotation.enrolledAt];
  if (enrolledAt !== undefined) {
    throw new Failure(
      `${name} is enrolled since ${enrolledAt}: its QR code is not shown again; kubectl twofactor reset ${name} mints another`,
    );
  }
  const verdict = secondFactor(record, now);
  if (verdict.kind === 'enroll' || (verdict.kind === 'none' && verdict.reason === 'Suspended')) return;
  const why = verdict.kind === 'deny' ? `its login is refused (${verdict.reason})` : 'its second factor is off';
  throw new Failure(`there is no QR code to show for ${name}: ${why}`);
};

const uriOf = (account: Account, secret: Secret): string => {
  const encoded = secret.data?.['otpauth-uri'];
  const uri = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  if (uri.startsWith('otpauth://totp/')) return uri;
  throw new Failure(
    `the Secret of ${account.metadata.name} holds no otpauth-uri: kubectl twofactor doctor says what is wrong with it`,
  );
};

/** A new file that only its owner reads; one that is there is not written over. */
const writePrivately = async (file: string, content: string | Buffer): Promise<void> => {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(content).finally(() => handle.close());
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new Failure(
      code === 'EEXIST' ? `${file} is there already: name a new file` : `${file} can't be written: ${code}`,
    );
  }
  tell(`Written to ${file}, which only its owner may read. Delete it once the phone has it.`);
};

const show = async (account: Account, uri: string, options: QrOptions): Promise<void> => {
  const { svg, png } = options;
  if (svg !== undefined) return writePrivately(svg, await qrSvg(uri));
  if (png !== undefined)
    return writePrivately(png, await toBuffer(uri, { type: 'png', errorCorrectionLevel: 'M', scale: 8 }));
  process.stdout.write(`${await qrText(uri, { ansi: process.stdout.isTTY })}\n`);
  tell(`${account.spec.address}: scan it with an OTP app, then log in with its first code.`);
};

/** The QR code of an account that has not enrolled yet, for who may read Secrets. */
export const qr = async (typed: string, options: QrOptions): Promise<void> => {
  const toFile = options.svg !== undefined || options.png !== undefined;
  if (options.svg !== undefined && options.png !== undefined) throw usageFailure('--svg or --png: not both');
  if (!toFile && !process.stdout.isTTY && !options.force) {
    throw new Failure('standard output is no terminal: a secret is not written to a pipe without --force');
  }
  await withCluster(options, async (cluster) => {
    const [account] = await findAccounts(cluster, [typed]);
    if (!account) throw usageFailure('name an account');
    const secret = await readSecret(cluster, account);
    const record = { type: secret.type ?? '', annotations: secret.metadata.annotations ?? {} };
    if (record.type !== secretType)
      throw new Failure(`the Secret of ${account.metadata.name} is of another type: it is not ours`);
    refuseUnlessEnrolling(account, record, cluster.now());
    const uri = uriOf(account, secret);
    if (!toFile && process.stdout.isTTY && !options.yes) {
      await confirm(`This shows the secret of ${account.spec.address} on the screen.`, true);
    }
    await show(account, uri, options);
  });
};
