/**
 * The configuration of a node that makes its blocks itself, as one type with one validator; `node.example.yaml` shows it.
 */
import { parse } from 'yaml';
import { UsageError } from '../command.ts';
import { firstLine, YamlFields } from '../yaml-fields.ts';

export type Address = { readonly host: string; readonly port: number };

export type NodeConfig = {
  /** The chain's first document, JSON. Not needed once the chain exists. */
  readonly genesis: string;
  /** Folder of blocks and state. */
  readonly data: string;
  /** File with the key that signs blocks, 64 hexadecimal digits; made at the first start. */
  readonly proposerKeyFile: string;
  readonly listen: Address;
  /** Where the queries are answered as REST; undefined: nowhere. */
  readonly rest?: Address;
  /** Where the explorer answers; undefined: nothing is indexed. */
  readonly explorer?: Address;
  /** Between two blocks. */
  readonly blockMs: number;
  /** How many states before the last can be asked about. */
  readonly historyBlocks: number;
  /** Beside the main one, for the proofs of a large block; undefined: as many as the machine is good for. */
  readonly proofThreads?: number;
};

const FIELDS = [
  'genesis',
  'data',
  'proposerKeyFile',
  'listen',
  'rest',
  'explorer',
  'blockMs',
  'historyBlocks',
  'proofThreads',
];

/** @throws UsageError naming the field that is wrong. */
export function readNodeConfig(text: string): NodeConfig {
  let document: unknown;
  try {
    document = parse(text) ?? {};
  } catch (thrown) {
    throw new UsageError(`the configuration is not YAML: ${firstLine(thrown)}`);
  }
  const file = new YamlFields(document, 'file', FIELDS);
  return {
    genesis: file.text('genesis') ?? 'genesis.json',
    data: file.text('data') ?? 'data',
    proposerKeyFile: file.text('proposerKeyFile') ?? 'proposer.key',
    listen: address(file, 'listen', 26_657),
    ...(file.has('rest') && { rest: address(file, 'rest', 1_317) }),
    ...(file.has('explorer') && { explorer: address(file, 'explorer', 1_318) }),
    blockMs: file.number('blockMs', 10, 3_600_000, 1_000),
    historyBlocks: file.number('historyBlocks', 1, 1_000_000_000, 10_000),
    ...(file.has('proofThreads') && { proofThreads: file.number('proofThreads', 0, 256, 0) }),
  };
}

function address(file: YamlFields, name: string, port: number): Address {
  const fields = file.map(name, ['host', 'port']);
  return { host: fields.text('host') ?? '127.0.0.1', port: fields.number('port', 0, 65_535, port) };
}
