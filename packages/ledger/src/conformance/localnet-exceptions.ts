/**
 * What of a recorded run cannot come out alike, and why. What is not named here must be equal.
 *
 * Not among what is compared in the first place: gas that was used (it counts reads and writes of another store), and the
 * hashes of state and headers. Codespace and code behind a gRPC status are hidden by the record, never by us.
 */
import type { ChainEvent } from '@decai/protocol/typed-event';
import type { RecordedEvent } from './localnet-run.ts';

type TextException = {
  readonly reason: string;
  /** Finds the words of either side that stand for the same; what they matched is left out of the comparison. */
  readonly words: RegExp;
};

const LIBRARY = 'A library of the other language says in its own words why bytes or texts cannot be read.';
const STRUCTURE = 'A structure of the other language is printed as that language prints it.';

const ADVICE = 'What follows a refused value is advice to whoever chose it; the value and its bound are compared.';
const DISCARD =
  'Why a claim could not be settled is told to whoever looks for the mistake; the claim it names is compared.';
const GAS = 'Gas is counted at other places, and whether it is too much is asked after each step.';

/** What is said of an address that is none. */
const THEIR_BECH32 = [
  'decoding bech32 failed: invalid checksum \\([^)]*\\)',
  'decoding bech32 failed: failed converting data to bytes: invalid character not part of charset: [0-9]+',
  "decoding bech32 failed: invalid character in string: '.*?'",
  'decoding bech32 failed: [^:;)]*',
  "hrp does not match bech32 prefix: expected '[a-z]*' got '[^']*'",
  'invalid Bech32 prefix; expected [a-z]*, got [^:;)]*',
  'empty address string is not allowed',
];
const OUR_BECH32 = [
  'address is empty',
  'address is not bech32, or its checksum fails',
  'address has [0-9]+ characters, at most [0-9]+ are read',
  'address has upper-case letters',
  'address has prefix [^ ]*, expected [a-z]+',
  'address has padding that is not zero',
  'address has [0-9]+ bytes, expected [0-9]+',
];

const TEXT_EXCEPTIONS: readonly TextException[] = [
  { reason: STRUCTURE, words: /(?<=is not allowed to unstake supplier )(\{.*\}|with operator address "[^"]*")/s },
  { reason: STRUCTURE, words: /(?<=failed to execute message; message )(?!index: ).*?(?=: rpc error: )/s },
  {
    reason: ADVICE,
    words: /(?<=overservicing_bonus_multiplier \([0-9]+\) must be <= 1000);.*?(?=: the provided param)/s,
  },
  { reason: LIBRARY, words: /(?<=failed to unmarshal relay: ).*(?=: invalid relay)/s },
  { reason: LIBRARY, words: /(?<=failed to unmarshal sparse compact merkle closest proof: ).*(?=: invalid proof)/s },
  { reason: DISCARD, words: /(?<=^pocket\.tokenomics\.EventClaimDiscarded .*error=)".*"(?= service_id=)/s },
  { reason: GAS, words: /(?<=out of gas in location: )[^;]*/ },
  { reason: GAS, words: /(?<=gasWanted: [0-9]*, gasUsed: )[0-9]+/ },
  { reason: LIBRARY, words: new RegExp([...THEIR_BECH32, ...OUR_BECH32].join('|')) },
];

/** A text without the words that an exception names. */
export function comparableText(text: string): string {
  return TEXT_EXCEPTIONS.reduce((before, { words }) => before.replace(words, ''), text);
}

type EventException = { readonly reason: string; readonly leavesOut: (event: RecordedEvent | ChainEvent) => boolean };

const EVENT_EXCEPTIONS: readonly EventException[] = [
  {
    reason: 'Modules that this ledger does not have raise events at the beginning of a block: mint and distribution.',
    leavesOut: (event) => !event.type.startsWith('pocket.') && attribute(event, 'mode') === 'BeginBlock',
  },
  {
    reason: 'A stake of nothing is not paid out, so its payment cannot fail and nothing is stuck.',
    leavesOut: (event) =>
      event.type === 'pocket.application.EventApplicationStakeStuckInModulePool' &&
      attribute(event, 'stuck_coin') === '{"denom":"upokt","amount":"0"}',
  },
];

/** Whether no exception leaves the event out. */
export function isCompared(event: RecordedEvent | ChainEvent): boolean {
  return !EVENT_EXCEPTIONS.some(({ leavesOut }) => leavesOut(event));
}

/** The value of an event's attribute; empty where there is none. */
export function attribute({ attributes }: RecordedEvent | ChainEvent, name: string): string {
  return attributes.find(({ key }) => key === name)?.value ?? '';
}
