import manifest from '../../package.json' with { type: 'json' };

/** Of the release: package.json is where it is written. */
export const { version } = manifest;
