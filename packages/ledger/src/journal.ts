/**
 * The events of a block, in the order in which they were raised.
 *
 * Whoever changes state tells the journal; an action that is undone takes its events back with it.
 *
 * Source: cosmos/cosmos-sdk `types/events.go`; CometBFT `abci/types` Event.
 */
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { typedEvent, type ChainEvent, type FreshEvent } from '@decai/protocol/typed-event';

export class Journal {
  private events: FreshEvent[] = [];

  /** Raises a typed event: its type is the message's full name, its attributes the message's fields as JSON text. */
  emit<Desc extends DescMessage>(schema: Desc, fields: MessageInitShape<Desc>): void {
    this.events.push(typedEvent(schema, fields));
  }

  /** Raises an event with plain attribute values, in the order given. */
  emitPlain(type: string, attributes: Readonly<Record<string, string>>): void {
    this.events.push({ type, attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })) });
  }

  /** How many events there are: give it to `rollback` or `stamp`. */
  mark(): number {
    return this.events.length;
  }

  /** Forgets what was raised since the mark. */
  rollback(mark: number): void {
    this.events.length = mark;
  }

  /** Adds a last attribute to every event raised since the mark. Nobody else has these events yet. */
  stamp(mark: number, key: string, value: string): void {
    for (let index = mark; index < this.events.length; index += 1) this.events[index]!.attributes.push({ key, value });
  }

  /** Everything raised since the mark; it stays where it is. */
  since(mark: number): readonly ChainEvent[] {
    return this.events.slice(mark);
  }

  /** Hands everything over and starts anew. */
  take(): readonly ChainEvent[] {
    const taken = this.events;
    this.events = [];
    return taken;
  }
}
