import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { CaseVerdict } from '../conformance.ts';
import { curveName, useCurve } from '../curve.ts';
import { ringChecker } from './ring.ts';

const chosen = curveName();
afterEach(() => void useCurve(chosen));

type Document = Record<string, unknown>;

function read(name: string): Document {
  const file = new URL(`../../../../vectors/${name}.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as Document;
}

function failed(document: Document): CaseVerdict[] {
  return [...ringChecker.check(document)].filter((verdict) => !verdict.passed);
}

/** Every `step`-th item of each section. */
function thinned(document: Document, step: number): Document {
  const thin = (content: unknown): unknown =>
    Array.isArray(content) ? content.filter((_item, index) => index % step === 0) : content;
  return Object.fromEntries(Object.entries(document).map(([section, content]) => [section, thin(content)]));
}

describe('ring vectors of the Go library', () => {
  it.each([
    ['ring', 97],
    ['ring-v0.2.0', 1330],
  ])('%s.json passes case by case', (name, cases) => {
    const document = read(name);
    expect(ringChecker.recognises(document)).toBe(true);
    const verdicts = [...ringChecker.check(document)];
    expect(verdicts.filter((verdict) => !verdict.passed)).toEqual([]);
    expect(verdicts).toHaveLength(cases);
  });

  it.each([
    ['ring', 8],
    ['ring-v0.2.0', 100],
  ])('every so many cases of %s.json pass in JavaScript too', (name, step) => {
    useCurve('noble');
    expect(failed(thinned(read(name), step))).toEqual([]);
  });
});

describe('the ring checker', () => {
  const document = read('ring-v0.2.0');
  const [signature, other] = document['signatures'] as Record<string, unknown>[];

  it('knows its format by its shape', () => {
    for (const foreign of [null, 7, 'ring', [], {}, { signatures: [] }, { signatures: ['00'] }, { trees: [{}] }]) {
      expect(ringChecker.recognises(foreign)).toBe(false);
    }
  });

  it('fails a case for each fact that is wrong', () => {
    for (const fact of ['msg', 'sig', 'priv', 'signer', 'ringPubs', 'challenges', 'shortChallenges', 'result']) {
      const wrong = {
        ...signature,
        [fact]: fact === 'shortChallenges' ? 9 : fact === 'result' ? 'false' : other?.[fact],
      };
      if (fact === 'signer') wrong['signer'] = 0;
      expect(failed({ signatures: [wrong] }), fact).toHaveLength(1);
    }
  });

  it('fails linked pairs, hashes and lines that are wrong', () => {
    const small = read('ring');
    const pair = (document['pairs'] as Record<string, unknown>[])[0];
    const toCurve = (small['hashToCurve'] as Record<string, unknown>[])[0];
    const toScalar = (small['hashToScalar'] as Record<string, unknown>[])[0];
    const line = String((document['compact'] as string[])[0]);
    const wrong: Document = {
      pairs: [{ ...pair, linked: false }],
      hashToCurve: [
        { ...toCurve, tries: 9 },
        { ...toCurve, keyImage: toCurve?.['hashToCurve'] },
      ],
      hashToScalar: [{ ...toScalar, short: true }],
      compact: [`9${line.slice(1)}`, `${line}00`, line.replaceAll('8e', '8f')],
    };
    expect(failed(wrong)).toHaveLength(7);
  });

  it('fails a section that it does not know', () => {
    expect(failed({ signatures: [signature], surprises: [] })).toMatchObject([{ name: 'surprises' }]);
  });
});
