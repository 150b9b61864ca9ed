import { expect, test } from 'vitest';
import { typeUrlOf } from '@decai/protocol/any';
import { everySchema } from '@decai/protocol/message.arbitrary';
import { ruleFor } from '../../message-rules.ts';
import { KNOWN_TYPES } from '../model/messages.ts';

test('the model knows every message that the ledger carries out', async () => {
  const carriedOut = (await everySchema()).map(typeUrlOf).filter((typeUrl) => ruleFor(typeUrl) !== undefined);
  expect([...KNOWN_TYPES].sort()).toEqual(carriedOut.sort());
});
