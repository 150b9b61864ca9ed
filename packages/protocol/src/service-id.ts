/**
 * The id of a service: the name that applications ask for, suppliers stake for and prices hang on.
 *
 * Source: pokt-network/poktroll `x/shared/types/service.go` (`IsValidServiceId`).
 */

export const SERVICE_ID_LENGTH_MAX = 42;

/** Why a text is no service id, in the chain's words, or undefined when it is one. Checked: empty, length, characters. */
export function serviceIdProblem(id: string): string | undefined {
  if (id === '') return 'empty service ID';
  if (Buffer.byteLength(id) > SERVICE_ID_LENGTH_MAX) {
    return `service ID '${id}' exceeds maximum length: ${SERVICE_ID_LENGTH_MAX}`;
  }
  return /^[A-Za-z0-9_-]+$/.test(id) ? undefined : `service ID '${id}' contains invalid characters`;
}
