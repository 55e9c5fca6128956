/** A document in YAML, valid or broken, that both the API server and `validate` judge. */
export interface Sample {
  readonly name: string;
  readonly kind: 'MailAccount' | 'ExchangePlatform';
  readonly yaml: string;
}

interface AccountParts {
  readonly metadata?: string;
  readonly platform?: string;
  readonly address?: string;
  /** Lines below spec.twoFactor, each indented by four spaces. */
  readonly factor?: string;
  readonly more?: string;
}

const account = ({ metadata, platform, address, factor, more }: AccountParts): string =>
  [
    'apiVersion: exchange2fa.io/v1alpha1',
    'kind: MailAccount',
    `metadata: ${metadata ?? '{ name: anna }'}`,
    'spec:',
    `  platformRef: ${platform ?? '{ name: example-mail }'}`,
    `  address: ${address ?? 'anna@example.com'}`,
    ...(factor === undefined ? [] : ['  twoFactor:', factor]),
    ...(more === undefined ? [] : [more]),
    '',
  ].join('\n');

const platform = (spec: string, metadata = '{ name: example-mail }', more = ''): string =>
  `apiVersion: exchange2fa.io/v1alpha1\nkind: ExchangePlatform\nmetadata: ${metadata}\nspec:\n${spec}\n${more}`;

const quoted = (text: string): string => JSON.stringify(text);

const instants = [
  '2026-12-01T08:00:00Z',
  '2026-12-01T08:00:00+01:00',
  '2026-12-01T08:00:00-23:59',
  '2026-12-01T08:00:00+24:00',
  '2026-12-01T08:00:00+23:60',
  '2026-12-01T08:00:00z',
  '2026-12-01t08:00:00Z',
  '2026-12-01 08:00:00Z',
  '2026-12-01T08:00:00',
  '2026-12-01T08:00Z',
  '2026-12-01',
  '2026-12-01T08:00:00.5Z',
  '2026-12-01T08:00:00,5Z',
  '2026-12-01T24:00:00Z',
  '2026-12-01T23:59:60Z',
  '2026-12-01T23:60:00Z',
  '2026-02-28T00:00:00Z',
  '2026-02-29T00:00:00Z',
  '2028-02-29T00:00:00Z',
  '2100-02-29T00:00:00Z',
  '2000-02-29T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-00-01T00:00:00Z',
  '2026-12-00T00:00:00Z',
  '2026-12-32T00:00:00Z',
  '1999-12-31T23:59:59Z',
  '2199-12-31T23:59:59Z',
  '2200-01-01T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '',
  'now',
  '2026-12-01T08:00:00Z\n',
  ' 2026-12-01T08:00:00Z',
  '２０２６-12-01T08:00:00Z',
  `2026-12-01T08:00:00Z${' '.repeat(60)}`,
];

const instantFields: readonly (readonly [string, (text: string) => string])[] = [
  ['suspension', (text) => account({ factor: `    suspension: { requestedAt: ${quoted(text)}, hours: 1 }` })],
  ['reset', (text) => account({ factor: `    reset: { requestedAt: ${quoted(text)} }` })],
  ['unlock', (text) => account({ factor: `    unlock: { requestedAt: ${quoted(text)} }` })],
  [
    'enrollmentCode',
    (text) =>
      account({
        factor: `    enrollmentCode: { hash: "sha256:${'0'.repeat(32)}:${'f'.repeat(64)}", expiresAt: ${quoted(text)} }`,
      }),
  ],
];

const addresses = [
  'anna@example.com',
  'a@b.c',
  'anna.b-c_d@mail.example.com',
  "o'brien+tag@example.com",
  '!#$%&*+/=?^_`{|}~-@example.com',
  'Anna@example.com',
  'anna@Example.com',
  'anna@example',
  '@example.com',
  'anna@',
  'anna',
  'anna@@example.com',
  'anna@b@example.com',
  '.anna@example.com',
  'anna.@example.com',
  'an..na@example.com',
  'anna@.example.com',
  'anna@example..com',
  'anna@-example.com',
  'anna@example-.com',
  'anna@exam_ple.com',
  'änna@example.com',
  'anna@exämple.com',
  'anna @example.com',
  ' anna@example.com',
  'anna@example.com ',
  'anna@example.com\n',
  'anna@[127.0.0.1]',
  '"anna"@example.com',
  'an:na@example.com',
  'anna@example.com.',
  `${'a'.repeat(64)}@example.com`,
  `${'a'.repeat(65)}@example.com`,
  `a@${'b'.repeat(63)}.com`,
  `a@${'b'.repeat(64)}.com`,
  `a@${'b.'.repeat(125)}c`,
  `a@${'b.'.repeat(126)}c`,
  '',
];

const issuers = [
  'Example Mail',
  'Ü',
  'メール',
  '✉️',
  'a'.repeat(64),
  'a'.repeat(65),
  '😀'.repeat(64),
  '😀'.repeat(65),
  '',
  ' ',
  ' a',
  'a ',
  'a:b',
  ':',
  'a\nb',
  'a\tb',
  'a\u0000b',
  'a\u00a0b',
  'a\u200bb',
  'a\u2028b',
  'é',
  'e\u0301',
  '\u0301',
  'a b',
  '100 %',
  '<b>&"\'',
  '\ue000',
  '\ufeffa',
];

const wrongTypes = ['1', '1.5', 'true', 'null', '"text"', '[]', '{}', '[1]', '{ a: 1 }'];

const typedFields: readonly (readonly [string, (value: string) => string])[] = [
  ['platformRef', (value) => account({ platform: value })],
  ['platformRef.name', (value) => account({ platform: `{ name: ${value} }` })],
  ['address', (value) => account({ address: value })],
  ['twoFactor', (value) => account({ more: `  twoFactor: ${value}` })],
  ['state', (value) => account({ factor: `    state: ${value}` })],
  ['suspension', (value) => account({ factor: `    suspension: ${value}` })],
  ['hours', (value) => account({ factor: `    suspension: { requestedAt: "2026-12-01T08:00:00Z", hours: ${value} }` })],
  [
    'reason',
    (value) =>
      account({ factor: `    suspension: { requestedAt: "2026-12-01T08:00:00Z", hours: 1, reason: ${value} }` }),
  ],
  ['reset', (value) => account({ factor: `    reset: ${value}` })],
  ['hash', (value) => account({ factor: `    enrollmentCode: { hash: ${value}, expiresAt: "2026-12-01T08:00:00Z" }` })],
  ['metadata', (value) => account({ metadata: value })],
  ['labels', (value) => account({ metadata: `{ name: anna, labels: ${value} }` })],
  ['annotations', (value) => account({ metadata: `{ name: anna, annotations: ${value} }` })],
  ['finalizers', (value) => account({ metadata: `{ name: anna, finalizers: ${value} }` })],
  ['name', (value) => account({ metadata: `{ name: ${value} }` })],
  ['status', (value) => account({ more: `status: ${value}` })],
  ['issuer', (value) => platform(`  issuer: ${value}\n  twoFactor: { state: Enabled }`)],
  ['platform twoFactor', (value) => platform(`  issuer: A\n  twoFactor: ${value}`)],
  ['totp', (value) => platform(`  issuer: A\n  twoFactor: { state: Enabled, totp: ${value} }`)],
  ['enrollment', (value) => platform(`  issuer: A\n  twoFactor: { state: Enabled, enrollment: ${value} }`)],
];

const hours = [
  '0',
  '1',
  '-1',
  '8760',
  '8761',
  '24.0',
  '1e1',
  '010',
  '0x10',
  '1_0',
  '+4',
  '"4"',
  '.5',
  '1:30',
  '99999999999999999999',
  '~',
];

const platformFactors: readonly (readonly [string, string])[] = [
  ['accountDefault', 'Enabled'],
  ['accountDefault', 'Removed'],
  ['accountDefault', 'enabled'],
  ['maxSuspensionHours', '1'],
  ['maxSuspensionHours', '0'],
  ['maxSuspensionHours', '8760'],
  ['maxSuspensionHours', '8761'],
  ['retainDeletedHours', '0'],
  ['retainDeletedHours', '-1'],
  ['retainDeletedHours', '8760'],
  ['enrollment', '{ mode: Open }'],
  ['enrollment', '{ mode: Code, windowHours: 72 }'],
  ['enrollment', '{ mode: open }'],
  ['enrollment', '{ windowHours: 0 }'],
  ['totp', '{ algorithm: SHA256, digits: 8, periodSeconds: 60 }'],
  ['totp', '{ algorithm: MD5 }'],
  ['totp', '{ digits: 7 }'],
  ['totp', '{ digits: "6" }'],
  ['totp', '{ periodSeconds: 45 }'],
  ['suspension', '{ requestedAt: "2026-12-01T08:00:00Z", hours: 2, reason: Outage }'],
  ['suspension', '{ requestedAt: "2026-12-01T08:00:00Z" }'],
  ['suspension', '{ hours: 2 }'],
  ['reset', '{ requestedAt: "2026-12-01T08:00:00Z", hours: 1 }'],
  ['unlock', '{ requestedAt: "2026-12-01T08:00:00Z" }'],
  ['state', 'Disabled'],
];

const names = [
  'anna',
  'a',
  'a.b-c',
  '1',
  'Anna',
  'a_b',
  '-a',
  'a-',
  'a..b',
  '.a',
  'a b',
  'ä',
  'a'.repeat(253),
  'a'.repeat(254),
  'a'.repeat(64),
  '',
  'a/b',
];

const labels: readonly (readonly [string, string])[] = [
  ['team', 'mail'],
  ['example.com/team', 'mail'],
  ['team', ''],
  ['team', 'a b'],
  ['team', '-a'],
  ['team', 'a'.repeat(63)],
  ['team', 'a'.repeat(64)],
  ['a/b/c', 'x'],
  ['/b', 'x'],
  ['b/', 'x'],
  ['-b', 'x'],
  ['Example.com/b', 'x'],
  ['a'.repeat(64), 'x'],
  [`${'a'.repeat(253)}/b`, 'x'],
  [`${'a'.repeat(254)}/b`, 'x'],
];

const oddities: readonly (readonly [string, string])[] = [
  ['unknown field of the object', account({ more: 'extra: 1' })],
  ['unknown field of spec', account({ more: '  extra: 1' })],
  ['unknown field of twoFactor', account({ factor: '    suspensio: {}' })],
  ['unknown field of platformRef', account({ platform: '{ name: a, namespace: b }' })],
  ['unknown field of metadata', account({ metadata: '{ name: anna, label: {} }' })],
  ['unknown field of status', account({ more: 'status: { fase: "Off" }' })],
  ['known status', account({ more: 'status: { phase: "Off" }' })],
  ['status with a wrong value', account({ more: 'status: { phase: Wrong, observedGeneration: x }' })],
  ['status as null', account({ more: 'status:' })],
  ['duplicate key', account({ factor: '    state: Enabled\n    state: Removed' })],
  ['duplicate metadata', account({ more: 'metadata: { name: ben }' })],
  ['state off', account({ factor: '    state: off' })],
  ['state Off', account({ factor: '    state: Off' })],
  ['state yes', account({ factor: '    state: yes' })],
  ['state Enabled', account({ factor: '    state: Enabled' })],
  ['state Removed', account({ factor: '    state: Removed' })],
  ['state Disabled', account({ factor: '    state: Disabled' })],
  ['empty twoFactor', account({ more: '  twoFactor: {}' })],
  ['twoFactor as null', account({ more: '  twoFactor:' })],
  ['suspension as null', account({ factor: '    suspension:' })],
  ['suspension without hours', account({ factor: '    suspension: { requestedAt: "2026-12-01T08:00:00Z" }' })],
  [
    'suspension with hours as null',
    account({ factor: '    suspension: { requestedAt: "2026-12-01T08:00:00Z", hours: }' }),
  ],
  ['instant without quotes', account({ factor: '    reset:\n      requestedAt: 2026-12-01T08:00:00Z' })],
  ['date without quotes', account({ factor: '    reset:\n      requestedAt: 2026-12-01' })],
  ['number as address', account({ address: '12345' })],
  ['number as platform name', account({ platform: '{ name: 12345 }' })],
  ['quoted number as platform name', account({ platform: '{ name: "12345" }' })],
  ['platform name with dots', account({ platform: '{ name: a.b }' })],
  ['platform name in upper case', account({ platform: '{ name: Example }' })],
  ['platform name of 63', account({ platform: `{ name: ${'a'.repeat(63)} }` })],
  ['platform name of 64', account({ platform: `{ name: ${'a'.repeat(64)} }` })],
  ['empty platform name', account({ platform: '{ name: "" }' })],
  [
    'reason of 256',
    account({ factor: `    unlock: { requestedAt: "2026-12-01T08:00:00Z", reason: ${'x'.repeat(256)} }` }),
  ],
  [
    'reason of 257',
    account({ factor: `    unlock: { requestedAt: "2026-12-01T08:00:00Z", reason: ${'x'.repeat(257)} }` }),
  ],
  [
    'reason of 256 beyond 16 bits',
    account({ factor: `    unlock: { requestedAt: "2026-12-01T08:00:00Z", reason: "${'😀'.repeat(256)}" }` }),
  ],
  [
    'a right hash',
    account({
      factor: `    enrollmentCode: { hash: "sha256:${'0'.repeat(32)}:${'a'.repeat(64)}", expiresAt: "2026-12-01T08:00:00Z" }`,
    }),
  ],
  [
    'an upper case hash',
    account({
      factor: `    enrollmentCode: { hash: "sha256:${'0'.repeat(32)}:${'A'.repeat(64)}", expiresAt: "2026-12-01T08:00:00Z" }`,
    }),
  ],
  [
    'a short hash',
    account({ factor: `    enrollmentCode: { hash: "sha256:00:aa", expiresAt: "2026-12-01T08:00:00Z" }` }),
  ],
  [
    'hash without expiresAt',
    account({ factor: `    enrollmentCode: { hash: "sha256:${'0'.repeat(32)}:${'a'.repeat(64)}" }` }),
  ],
  ['no spec', 'apiVersion: exchange2fa.io/v1alpha1\nkind: MailAccount\nmetadata: { name: anna }\n'],
  ['spec as null', 'apiVersion: exchange2fa.io/v1alpha1\nkind: MailAccount\nmetadata: { name: anna }\nspec:\n'],
  ['empty spec', 'apiVersion: exchange2fa.io/v1alpha1\nkind: MailAccount\nmetadata: { name: anna }\nspec: {}\n'],
  [
    'no metadata',
    'apiVersion: exchange2fa.io/v1alpha1\nkind: MailAccount\nspec: { platformRef: { name: a }, address: a@b.c }\n',
  ],
  ['generateName', account({ metadata: '{ generateName: anna- }' })],
  ['generateName in upper case', account({ metadata: '{ generateName: Anna- }' })],
  ['namespace', account({ metadata: '{ name: anna, namespace: default }' })],
  ['label as number', account({ metadata: '{ name: anna, labels: { a: 1 } }' })],
  ['label as truth', account({ metadata: '{ name: anna, labels: { a: yes } }' })],
  ['label as null', account({ metadata: '{ name: anna, labels: { a: } }' })],
  ['annotation with any text', account({ metadata: '{ name: anna, annotations: { a: "ä\\n:" } }' })],
  ['annotation as number', account({ metadata: '{ name: anna, annotations: { a: 1 } }' })],
  ['annotation with a bad name', account({ metadata: '{ name: anna, annotations: { "a b": x } }' })],
  ['annotation in upper case', account({ metadata: '{ name: anna, annotations: { "Example.com/A": x } }' })],
  ['anchor and alias', account({ metadata: '{ name: &n anna, labels: { a: *n } }' })],
  ['merge key', account({ factor: '    suspension: { <<: { requestedAt: "2026-12-01T08:00:00Z" }, hours: 1 }' })],
  [
    'block text',
    account({
      factor: '    reset:\n      requestedAt: "2026-12-01T08:00:00Z"\n      reason: |\n        one\n        two',
    }),
  ],
  ['comment and blank lines', `# a\n\n${account({})}\n# b\n`],
  ['tab as indentation', account({ factor: '\tstate: Enabled' })],
  ['open brace', account({ platform: '{ name: a' })],
  ['open quote', account({ address: '"anna@example.com' })],
  ['template', account({ factor: '    reset: { requestedAt: {{ now }} }' })],
  [
    'JSON',
    JSON.stringify({
      apiVersion: 'exchange2fa.io/v1alpha1',
      kind: 'MailAccount',
      metadata: { name: 'a' },
      spec: { platformRef: { name: 'a' }, address: 'a@b.c' },
    }),
  ],
  [
    'a name of 63 for a platform',
    platform('  issuer: A\n  twoFactor: { state: Enabled }', `{ name: ${'a'.repeat(63)} }`),
  ],
  [
    'a name of 64 for a platform',
    platform('  issuer: A\n  twoFactor: { state: Enabled }', `{ name: ${'a'.repeat(64)} }`),
  ],
  ['a platform without state', platform('  issuer: A\n  twoFactor: {}')],
  ['a platform without issuer', platform('  twoFactor: { state: Enabled }')],
  ['a platform without twoFactor', platform('  issuer: A')],
  ['issuer as number', platform('  issuer: 12\n  twoFactor: { state: Enabled }')],
  ['issuer as date', platform('  issuer: 2026-12-01\n  twoFactor: { state: Enabled }')],
];

const sample = (name: string, yaml: string): Sample => ({
  name: name.length > 90 ? `${name.slice(0, 90)}…` : name,
  kind: yaml.includes('kind: ExchangePlatform') ? 'ExchangePlatform' : 'MailAccount',
  yaml,
});

/** Several hundred documents: right ones, and ones broken in every way that the schema, metadata or YAML know. */
export const corpus: readonly Sample[] = [
  ...instantFields.flatMap(([field, make]) =>
    instants.map((text) => sample(`${field} at ${JSON.stringify(text)}`, make(text))),
  ),
  ...addresses.map((text) => sample(`address ${JSON.stringify(text)}`, account({ address: quoted(text) }))),
  ...issuers.map((text) =>
    sample(`issuer ${JSON.stringify(text)}`, platform(`  issuer: ${quoted(text)}\n  twoFactor: { state: Enabled }`)),
  ),
  ...typedFields.flatMap(([field, make]) => wrongTypes.map((value) => sample(`${field} as ${value}`, make(value)))),
  ...hours.map((value) =>
    sample(
      `hours ${value}`,
      account({ factor: `    suspension: { requestedAt: "2026-12-01T08:00:00Z", hours: ${value} }` }),
    ),
  ),
  ...platformFactors.map(([field, value]) =>
    sample(
      `platform ${field} ${value}`,
      platform(`  issuer: A\n  twoFactor:\n    ${field === 'state' ? '' : 'state: Enabled\n    '}${field}: ${value}`),
    ),
  ),
  ...names.map((name) => sample(`name ${JSON.stringify(name)}`, account({ metadata: `{ name: ${quoted(name)} }` }))),
  ...labels.map(([key, value]) =>
    sample(
      `label ${key}=${value}`,
      account({ metadata: `{ name: anna, labels: { ${quoted(key)}: ${quoted(value)} } }` }),
    ),
  ),
  ...labels.map(([key]) =>
    sample(`annotation ${key}`, account({ metadata: `{ name: anna, annotations: { ${quoted(key)}: x } }` })),
  ),
  ...oddities.map(([name, yaml]) => sample(name, yaml)),
];
