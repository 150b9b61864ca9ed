/**
 * The draw: which of a service's suppliers may serve a session.
 *
 * Every operator address is one ticket, whatever its stake. The draw hashes the session's preimage and not its id.
 * Source: pokt-network/poktroll `x/session/keeper/session_hydrator.go`.
 */
import { compareBytes, concat, utf8 } from './bytes.ts';
import { sha3_256 } from './hash.ts';

/**
 * A supplier's ticket: the first eight bytes of SHA3-256(`preimage "." operator address`) as a **signed** integer, so
 * that hashes from `80…` on are negative and come first.
 */
export function supplierTicket(preimage: Uint8Array, operatorAddress: string): bigint {
  const hash = sha3_256(concat(preimage, utf8(`.${operatorAddress}`)));
  return new DataView(hash.buffer, hash.byteOffset).getBigInt64(0);
}

/**
 * The operators drawn for a session, lowest ticket first, equal tickets in byte order of the addresses.
 *
 * With fewer candidates than seats all of them serve, in the order given and without a draw; the ledger gives them by
 * activation height, then address.
 */
export function drawSuppliers(
  preimage: Uint8Array,
  operatorAddresses: readonly string[],
  seats: number,
): readonly string[] {
  if (operatorAddresses.length < seats) return operatorAddresses;
  return operatorAddresses
    .map((address) => ({ address, bytes: utf8(address), ticket: supplierTicket(preimage, address) }))
    .sort((a, b) => (a.ticket < b.ticket ? -1 : a.ticket > b.ticket ? 1 : compareBytes(a.bytes, b.bytes)))
    .slice(0, seats)
    .map(({ address }) => address);
}
