/**
 * Everything that differs from run to run: clock, randomness, network, disk and threads, as one value.
 *
 * Made once, by the command line for real or by the simulator from a seed. Whoever needs one of these takes a World as
 * an argument, and so a seed can replay him.
 */
import type { HttpAnswer, HttpExchange, HttpHandler } from './http.ts';
import type { Judges, SharedJudge } from './judge.ts';
import type { KeyValueStore } from './key-value-store.ts';
import type { OpenDatabaseOptions, SqlDatabase } from './sql-database.ts';

/** A two-way connection that carries whole text messages. */
export type MessageSocket = {
  send(text: string): void;
  /** Messages in order; ends when either side closes. */
  readonly messages: AsyncIterable<string>;
  close(): void;
};

export type Listening = {
  /** `http://host:port`, with the port that was really taken. */
  readonly url: string;
  /** Stops accepting, lets running exchanges end for at most `graceMs`, then cuts them. */
  close(graceMs?: number): Promise<void>;
};

export type ListenOptions = {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Takes WebSocket connections, on any path; absent, they are refused. */
  readonly onSocket?: (socket: MessageSocket, path: string) => void;
};

export type World = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** `length` fresh bytes. Keys and ring nonces draw from here and nowhere else. */
  randomBytes(length: number): Uint8Array;
  /** Sends one HTTP request; rejects with a Fault `HTTP_UNREACHABLE` when no answer begins. */
  request(exchange: HttpExchange): Promise<HttpAnswer>;
  /** Opens a WebSocket; rejects with a Fault `SOCKET_UNREACHABLE`. */
  connect(url: string, signal?: AbortSignal): Promise<MessageSocket>;
  /** Serves a handler; rejects with a Fault `ADDRESS_IN_USE` when the port is taken. */
  listen(handler: HttpHandler, options: ListenOptions): Promise<Listening>;
  /** Opens or creates the named store of this role; names are path segments such as `blocks`. */
  openStore(name: string): KeyValueStore;
  /** Opens or creates the named SQL database of this role, named as a store is. @throws as `SqlDatabase.run`. */
  openDatabase(name: string, options?: OpenDatabaseOptions): SqlDatabase;
  /** Judges on at most so many threads beside the caller's own; 0: on that one alone. Left out: as many as the machine is good for. */
  openJudges(shared: SharedJudge, threads?: number): Judges;
};
