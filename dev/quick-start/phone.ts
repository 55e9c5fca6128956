import { algorithms } from '../../src/api/seed-data.ts';
import { codeAt, stepAt } from '../../src/totp/code.ts';
import type { CodeParameters } from '../../src/totp/parameters.ts';

interface ShownCode {
  readonly code: string;
  /** Unix milliseconds: the next one is shown from then on. */
  readonly until: number;
}

/** A phone that has scanned a QR code. */
export class Phone {
  readonly #seed: string;
  readonly #parameters: CodeParameters;

  constructor(otpauthUri: string) {
    const { searchParams } = new URL(otpauthUri);
    this.#seed = searchParams.get('secret') ?? '';
    this.#parameters = {
      algorithm: algorithms.find((each) => each === searchParams.get('algorithm')) ?? 'SHA1',
      digits: searchParams.get('digits') === '8' ? 8 : 6,
      periodSeconds: searchParams.get('period') === '60' ? 60 : 30,
    };
  }

  /** What it shows at an instant. */
  at(unixMs: number): ShownCode {
    const { periodSeconds } = this.#parameters;
    const until = (stepAt(periodSeconds, unixMs) + 1) * periodSeconds * 1000;
    return { code: codeAt(this.#seed, this.#parameters, unixMs), until };
  }
}
