import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram } from '../../dev/control-plane/search-path.ts';

/** The Node that the image runs too. */
const node = realpathSync(join(import.meta.dirname, '../../node_modules/node/bin/node'));

/** Nothing can be pulled, so this stands for RUN_BASE: the libraries that Node needs, and nothing else. */
export function layOutRunBase(folder: string): void {
  librariesOf(node).forEach((library) => place(library, folder));
}

/** Stands for BUILD_BASE: what `npm ci` and `npm run build` need, from this machine. A sentence where it has no such npm. */
export function layOutBuildBase(folder: string): string | undefined {
  const npm = npmFolder();
  if (npm === undefined) return 'the npm of this machine is not in one folder, so no base with it can be made';
  const programs = ['/bin/sh', '/usr/bin/env'].map((program) => realpathSync(program));
  [node, ...programs].flatMap(librariesOf).forEach((library) => place(library, folder));
  place('/etc/ssl/certs/ca-certificates.crt', folder);
  cpSync(npm, join(folder, 'usr/lib/node_modules/npm'), { recursive: true });
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'usr/bin'));
  mkdirSync(join(folder, 'tmp'));
  mkdirSync(join(folder, 'usr/etc'));
  // The machine's authorities, which a proxy in front of the registry may have joined.
  writeFileSync(join(folder, 'usr/etc/npmrc'), 'cafile=/etc/ssl/certs/ca-certificates.crt\n');
  cpSync(node, join(folder, 'usr/bin/node'));
  cpSync(realpathSync('/bin/sh'), join(folder, 'bin/sh'));
  cpSync(realpathSync('/usr/bin/env'), join(folder, 'usr/bin/env'));
  const start = '#!/bin/sh\nexec /usr/bin/node /usr/lib/node_modules/npm/bin/npm-cli.js "$@"\n';
  writeFileSync(join(folder, 'usr/bin/npm'), start);
  chmodSync(join(folder, 'usr/bin/npm'), 0o755);
  return undefined;
}

function npmFolder(): string | undefined {
  const program = findProgram('npm');
  const folder = program && dirname(dirname(realpathSync(program)));
  return folder !== undefined && existsSync(join(folder, 'node_modules')) ? folder : undefined;
}

function librariesOf(program: string): readonly string[] {
  const ldd = findProgram('ldd') ?? 'there is no ldd on the PATH';
  const said = execFileSync(ldd, [program]).toString();
  return [...said.matchAll(/(?:^|\s)(\/\S+) \(0x/g)].flatMap(([, library]) => library ?? []);
}

/** At the same path, whatever links lead there on this machine. */
function place(file: string, folder: string): void {
  const target = join(folder, file);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(realpathSync(file), target);
}
