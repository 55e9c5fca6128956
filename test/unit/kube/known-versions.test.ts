import { describe, expect, it } from 'vitest';
import { KnownVersions } from '../../../src/kube/reflector/known-versions.ts';

/** What was read first: a at 5, b at 6, all up to 10. */
const known = (): KnownVersions => {
  const versions = new KnownVersions();
  versions.beginReading();
  versions.upsert('a', '5');
  versions.upsert('b', '6');
  expect(versions.completeReading('10')).toEqual([]);
  return versions;
};

describe('an event is news', () => {
  it.each([
    ['a later version of a known object', (v: KnownVersions) => v.upsert('a', '11'), true],
    ['the same version of it', (v: KnownVersions) => v.upsert('a', '5'), false],
    ['a lower version of it', (v: KnownVersions) => v.upsert('a', '4'), false],
    ['a version with more digits, though it sorts lower as text', (v: KnownVersions) => v.upsert('b', '10'), true],
    ['an unknown object after the last bookmark', (v: KnownVersions) => v.upsert('c', '11'), true],
    ['an unknown object before the last bookmark: it was deleted', (v: KnownVersions) => v.upsert('c', '9'), false],
    ['the deletion of a known object', (v: KnownVersions) => v.remove('a', '11'), true],
    ['the deletion of an unknown object', (v: KnownVersions) => v.remove('c', '11'), false],
    ['a deletion older than what is known', (v: KnownVersions) => (v.upsert('a', '12'), v.remove('a', '11')), false],
    ['an object from before its own deletion', (v: KnownVersions) => (v.remove('a', '12'), v.upsert('a', '11')), false],
    ['an object made again after its deletion', (v: KnownVersions) => (v.remove('a', '12'), v.upsert('a', '13')), true],
  ])('%s', (_what, happen, news) => {
    expect(happen(known())).toBe(news);
  });
});

describe('a reading of the whole set', () => {
  it('says what vanished', () => {
    const versions = known();
    versions.beginReading();
    versions.upsert('a', '5');
    expect(versions.completeReading('20')).toEqual(['b']);
    expect(versions.size).toBe(1);
  });

  it('that was broken off does not count', () => {
    const versions = known();
    versions.beginReading();
    versions.upsert('a', '5');
    versions.beginReading();
    versions.upsert('b', '6');
    expect(versions.completeReading('20')).toEqual(['a']);
  });

  it('takes an object that is older than the last bookmark', () => {
    const versions = known();
    versions.beginReading();
    expect(versions.upsert('c', '3')).toBe(true);
  });

  it('does not find what was deleted while it went on', () => {
    const versions = known();
    versions.beginReading();
    versions.upsert('a', '5');
    versions.upsert('b', '6');
    versions.remove('b', '11');
    expect(versions.completeReading('20')).toEqual([]);
  });
});

it('takes any version after storage went back, and still finds out what vanished', () => {
  const versions = known();
  versions.forgetVersions();
  versions.beginReading();
  expect(versions.upsert('a', '3')).toBe(true);
  expect(versions.completeReading('4')).toEqual(['b']);
  expect(versions.upsert('b', '5')).toBe(true);
});

describe('the last that was told', () => {
  it.each([
    ['of a reading is at its highest version, wherever it came', () => {}, { key: 'b', version: '6', gone: false }],
    ['is a later change', (v: KnownVersions) => v.upsert('a', '11'), { key: 'a', version: '11', gone: false }],
    [
      'is not a change told late',
      (v: KnownVersions) => (v.upsert('a', '12'), v.upsert('b', '11')),
      { key: 'a', version: '12', gone: false },
    ],
    ['is a later deletion', (v: KnownVersions) => v.remove('b', '11'), { key: 'b', version: '11', gone: true }],
    [
      'is a deletion of what was not known',
      (v: KnownVersions) => v.remove('c', '11'),
      { key: 'c', version: '11', gone: true },
    ],
    ['is nothing after storage went back', (v: KnownVersions) => v.forgetVersions(), undefined],
  ])('%s', (_what, happen, last) => {
    const versions = known();
    happen(versions);
    expect(versions.last).toEqual(last);
  });
});

describe('an object that a reading finds older than it was', () => {
  const reading = (): KnownVersions => {
    const versions = known();
    versions.upsert('a', '12');
    versions.upsert('b', '14');
    versions.beginReading();
    return versions;
  };

  it('proves that storage went back, if the set is as of later', () => {
    const versions = reading();
    versions.upsert('b', '6');
    versions.upsert('a', '5');
    expect(versions.fallen('20')).toEqual({ version: '5', known: '12' });
    expect(versions.fallen('12')).toEqual({ version: '5', known: '12' });
    expect(versions.fallen('11')).toBeUndefined();
  });

  it('proves nothing once the reading begins anew, or in a watch', () => {
    const versions = reading();
    versions.upsert('a', '5');
    versions.beginReading();
    versions.completeReading('20');
    versions.upsert('b', '6');
    expect(versions.fallen('20')).toBeUndefined();
  });
});
