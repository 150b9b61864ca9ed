import { describe, expect, test } from 'vitest';
import { httpStatusOf, refusalBody } from './grpc-status.ts';
import { stateRefusal } from './state-refusal.ts';

function refusal(code: number, log: string, codespace = 'sdk'): [status: number, body: string] {
  const refused = stateRefusal({ code, codespace, log, value: new Uint8Array(0), height: 1 });
  return [httpStatusOf(refused), refusalBody(refused)];
}

const body = (code: number, message: string): string =>
  `{"code":${code}, "message":${JSON.stringify(message)}, "details":[]}`;

describe('a refusal of the ledger', () => {
  test.each([
    ['NotFound', 22, 'key not found', 404, 5],
    ['InvalidArgument', 18, 'invalid request', 400, 3],
    ['FailedPrecondition', 18, 'invalid request', 400, 9],
    ['Unauthenticated', 4, 'unauthorized', 401, 16],
    ['Internal', 6, 'unknown request', 500, 13],
    ['PermissionDenied', 6, 'unknown request', 403, 7],
    ['AlreadyExists', 6, 'unknown request', 409, 6],
    ['Unknown', 6, 'unknown request', 500, 2],
  ])('%s keeps its status and loses what was put around it', (name, code, suffix, status, number) => {
    const log = `rpc error: code = ${name} desc = a: ${suffix}: b\n"c": ${suffix}`;
    expect(refusal(code, log)).toEqual([status, body(number, `a: ${suffix}: b\n"c"`)]);
  });

  test.each<[code: number, log: string, status: number, number: number, message: string]>([
    [18, 'cannot query with height < 0: invalid request', 400, 3, 'cannot query with height < 0'],
    [26, 'in the future: invalid height', 400, 3, 'in the future'],
    [22, 'nowhere: key not found', 404, 5, 'nowhere'],
    [4, 'who: unauthorized', 401, 16, 'who'],
    [6, 'unknown query path: unknown request', 501, 12, 'Not Implemented'],
    [6, 'rpc error: code = Strange desc = x: unknown request', 501, 12, 'Not Implemented'],
    [11, 'location: out of gas', 500, 2, 'location'],
    [999, 'no such code', 500, 2, 'no such code'],
  ])('%i without a status: %s', (code, log, status, number, message) => {
    expect(refusal(code, log)).toEqual([status, body(number, message)]);
  });

  test('of another codespace is unknown', () => {
    expect(refusal(111222, 'recovered: x: panic', 'undefined')).toEqual([500, body(2, 'recovered: x: panic')]);
  });
});
