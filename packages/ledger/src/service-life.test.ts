/**
 * Cases of pokt-network/poktroll `x/service/keeper/*_test.go`, `x/shared/types/service_test.go`, as data.
 */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { MsgAddServiceSchema, MsgTransferServiceSchema } from '@decai/protocol/gen/pocket/service/tx_pb';
import { ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { coin } from '@decai/protocol/coin';
import { describe, expect, it } from 'vitest';
import { addService, checkAddService } from './add-service.ts';
import { textKey } from './collection.ts';
import { UPOKT } from './coins.ts';
import { moduleNamed } from './module-account.ts';
import { checkServiceId, checkServiceName } from './service-check.ts';
import type { State } from './state.ts';
import { addressNamed, atHeight, emptyState, endow } from './test-chain.ts';
import { checkTransferService, transferService } from './transfer-service.ts';

const [OWNER, OTHER] = [addressNamed('owner'), addressNamed('other')];

type ServiceFields = MessageInitShape<typeof ServiceSchema>;

function message(fields: ServiceFields = {}, ownerAddress = OWNER) {
  const service = { id: 'svc', name: 'a service', computeUnitsPerRelay: 1n, ownerAddress, ...fields };
  return create(MsgAddServiceSchema, { ownerAddress, service });
}

function town(balanceUpokt: bigint, feeUpokt = 1000n): State {
  const state = emptyState(1);
  state.params.service.setLive({ ...state.params.service.live(), addServiceFee: coin(feeUpokt) });
  endow(state, OWNER, balanceUpokt);
  return state;
}

const units = (state: State) =>
  [...state.services.unitsHistory.entries(textKey('svc'))].map(([height, update]) => [
    height,
    update.computeUnitsPerRelay,
  ]);

describe('checks', () => {
  it('takes ids of 1 to 42 letters, digits, underscores and dashes', () => {
    for (const id of ['Hello-1', 'Hello_2', 'HELLO', '12345678', 'a'.repeat(42)])
      expect(checkServiceId(id)).toBeUndefined();
    for (const id of ['', 'a'.repeat(43), 'Hello@', 'Hello.World'])
      expect(checkServiceId(id)).toMatchObject({ code: 1108 });
  });

  it('takes names of up to 169 letters, digits, blanks, underscores and dashes, and none at all', () => {
    for (const name of ['', 'ValidName-1', 'Valid Name_1', 'valid name with spaces', 'a'.repeat(169)]) {
      expect(checkServiceName(name)).toBeUndefined();
    }
    for (const name of ['invalid@name', 'Valid.Name', 'a'.repeat(170)]) {
      expect(checkServiceName(name)).toMatchObject({ codespace: 'shared', code: 1109 });
    }
  });

  const refusals: [why: string, fields: ServiceFields, codespace: string, code: number][] = [
    ['another owner than the signer', { ownerAddress: OTHER, id: '' }, 'service', 1113],
    ['a bad id', { id: 'bad id', name: 'bad@name' }, 'shared', 1108],
    ['a bad name', { name: 'bad@name', computeUnitsPerRelay: 0n }, 'shared', 1109],
    ['no compute units', { computeUnitsPerRelay: 0n, metadata: {} }, 'shared', 1107],
    ['too many compute units', { computeUnitsPerRelay: 2_097_153n }, 'shared', 1107],
    ['an empty card', { metadata: { card: new Uint8Array(0) } }, 'shared', 1111],
    ['a card that is too large', { metadata: { card: new Uint8Array(262_145) } }, 'shared', 1111],
  ];
  it.each(refusals)('refuses %s', (_why, fields, codespace, code) => {
    expect(checkAddService(message(fields))).toMatchObject({ codespace, code });
  });

  it('refuses a malformed signer first, and a message without service', () => {
    expect(checkAddService(message({}, 'x'))).toMatchObject({ codespace: 'service', code: 1102 });
    expect(checkAddService(create(MsgAddServiceSchema, { ownerAddress: OWNER }))).toMatchObject({ code: 1113 });
  });

  it('takes 1 and 2,097,152 compute units', () => {
    for (const computeUnitsPerRelay of [1n, 2_097_152n]) {
      expect(checkAddService(message({ computeUnitsPerRelay }))).toBeUndefined();
    }
  });
});

describe('addService', () => {
  it('wants more than the fee on the account, and takes it once', () => {
    for (const balance of [0n, 999n, 1000n]) {
      const refusal = addService(town(balance), message());
      expect(refusal).toMatchObject({ codespace: 'service', code: 1108, grpc: 'FailedPrecondition' });
    }
    const state = town(1001n);
    expect(addService(state, message())).toEqual({ ok: true });
    expect(state.bank.balance(moduleNamed('service').address, UPOKT)).toBe(1000n);
    expect(addService(state, message({ name: 'renamed' }))).toEqual({ ok: true });
    expect(state.services.get('svc')?.name).toBe('renamed');
    expect(state.bank.balance(OWNER, UPOKT)).toBe(1n);
  });

  it('does not count coins of another denomination', () => {
    const state = town(0n);
    state.bank.endow(OWNER, [coin(5000n, 'mact')]);
    expect(addService(state, message())).toMatchObject({ code: 1108 });
  });

  it('refuses a change by somebody else', () => {
    const state = town(2000n);
    addService(state, message());
    const refusal = addService(state, message({}, OTHER));
    expect(refusal).toMatchObject({ codespace: 'service', code: 1113, grpc: 'InvalidArgument' });
  });

  it('keeps the card unless another is given', () => {
    const state = town(2000n);
    addService(state, message({ metadata: { card: Uint8Array.of(1) } }));
    addService(state, message());
    expect(state.services.get('svc')?.metadata?.card).toEqual(Uint8Array.of(1));
    addService(state, message({ metadata: { card: Uint8Array.of(2) } }));
    expect(state.services.get('svc')?.metadata?.card).toEqual(Uint8Array.of(2));
  });

  it('lets a new price begin with the next session; the first one holds since its session began', () => {
    const state = town(2000n);
    addService(atHeight(state, 100), message({ computeUnitsPerRelay: 555n }));
    expect(units(state)).toEqual([[91, 555n]]);
    addService(atHeight(state, 100), message({ computeUnitsPerRelay: 600n }));
    addService(atHeight(state, 100), message({ computeUnitsPerRelay: 600n, name: 'other' }));
    expect(units(state)).toEqual([
      [91, 555n],
      [101, 600n],
    ]);
    expect([100, 101].map((height) => state.services.unitsPerRelayAt('svc', height))).toEqual([555n, 600n]);
    expect(state.services.unitsPerRelayAt('svc', 50)).toBe(600n);
    expect(state.services.unitsPerRelayAt('none', 50)).toBeUndefined();
  });

  it('writes the price of a service from genesis down before its first change', () => {
    const state = town(2000n);
    state.services.put(create(ServiceSchema, { id: 'svc', ownerAddress: OWNER, computeUnitsPerRelay: 100n }));
    expect(state.services.unitsPerRelayAt('svc', 5)).toBe(100n);
    addService(atHeight(state, 100), message({ computeUnitsPerRelay: 200n }));
    addService(atHeight(state, 500), message({ computeUnitsPerRelay: 300n }));
    expect(units(state)).toEqual([
      [1, 100n],
      [101, 200n],
      [501, 300n],
    ]);
  });
});

describe('transferService', () => {
  const transfer = (fields: MessageInitShape<typeof MsgTransferServiceSchema> = {}) =>
    create(MsgTransferServiceSchema, { ownerAddress: OWNER, serviceId: 'svc', newOwnerAddress: OTHER, ...fields });

  it('refuses, in this order: malformed addresses, no id, the same owner, an owner who can never be paid', () => {
    expect(checkTransferService(transfer({ ownerAddress: 'x' }))).toMatchObject({ codespace: 'service', code: 1102 });
    expect(checkTransferService(transfer({ newOwnerAddress: 'x', serviceId: '' }))).toMatchObject({ code: 1102 });
    expect(checkTransferService(transfer({ newOwnerAddress: OWNER, serviceId: '' }))).toMatchObject({ code: 1103 });
    expect(checkTransferService(transfer({ newOwnerAddress: OWNER }))).toMatchObject({ code: 1113 });
    const blocked = moduleNamed('distribution').address;
    expect(checkTransferService(transfer({ newOwnerAddress: blocked }))).toMatchObject({ code: 1113 });
    expect(checkTransferService(transfer())).toBeUndefined();
  });

  it('refuses an unknown service, then a stranger; afterwards the old owner is one', () => {
    const state = town(2000n);
    expect(transferService(state, transfer())).toMatchObject({ codespace: 'service', code: 1117, grpc: 'NotFound' });
    addService(state, message());
    const stranger = transferService(state, transfer({ ownerAddress: OTHER, newOwnerAddress: OWNER }));
    expect(stranger).toMatchObject({ codespace: 'service', code: 1118, grpc: 'PermissionDenied' });
    expect(transferService(state, transfer())).toEqual({ ok: true });
    expect(state.services.get('svc')?.ownerAddress).toBe(OTHER);
    expect(addService(state, message())).toMatchObject({ code: 1113 });
  });
});
