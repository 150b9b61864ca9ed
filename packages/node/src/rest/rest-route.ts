/**
 * Paths of REST and the methods behind them, as the services' own annotations say.
 *
 * Where several paths fit, the one with a fixed word where another has a field is meant: `blocks/latest` is no height.
 *
 * Source: googleapis/googleapis `google/api/http.proto` (path templates); the `google.api.http` option of each method.
 */
import { getOption, hasOption, type DescMethod, type DescMethodUnary, type DescService } from '@bufbuild/protobuf';
import { Fault } from '@decai/protocol/fault';
import { http } from '@decai/protocol/gen/google/api/annotations_pb';

export type RestRoute = {
  readonly method: DescMethodUnary;
  readonly verb: 'GET' | 'POST';
  readonly segments: readonly Segment[];
};

/** A fixed word, or the name of a field; a field at the end may take all that is left. */
export type Segment =
  { readonly kind: 'word'; readonly text: string } | { readonly kind: 'field' | 'rest'; readonly name: string };

/** Texts of the fields in the path, by the schema's name. */
export type PathFields = Readonly<Record<string, string>>;

export type FoundRoute = { readonly route: RestRoute; readonly fields: PathFields };

/** The routes of services, those first that are meant when several fit. @throws ROUTE_UNREADABLE for an odd template. */
export function restRoutes(services: readonly DescService[]): readonly RestRoute[] {
  const routes = services.flatMap(({ methods }) => methods.map(routeOf)).filter((route) => route !== undefined);
  return routes.sort((a, b) => preference(a).localeCompare(preference(b), 'en'));
}

/** @param path already unescaped, beginning with a slash. */
export function findRoute(routes: readonly RestRoute[], verb: string, path: string): FoundRoute | undefined {
  const words = path.slice(1).split('/');
  for (const route of routes) {
    const fields = route.verb === verb ? matchSegments(route.segments, words) : undefined;
    if (fields !== undefined) return { route, fields };
  }
  return undefined;
}

function routeOf(method: DescMethod): RestRoute | undefined {
  if (!isUnary(method) || !hasOption(method, http)) return undefined;
  const { pattern } = getOption(method, http);
  if (pattern.case === undefined) return undefined;
  const segments = pattern.value.slice(1).split('/').map(segmentOf);
  return { method, verb: pattern.case === 'get' ? 'GET' : 'POST', segments };
}

function isUnary(method: DescMethod): method is DescMethodUnary {
  return method.methodKind === 'unary';
}

function segmentOf(text: string, index: number, all: readonly string[]): Segment {
  const match = /^(?:([a-z0-9_.-]+)|\{([A-Za-z_]+)(=\*\*)?\})$/.exec(text);
  if (match === null || (match[3] !== undefined && index < all.length - 1)) {
    throw new Fault('ROUTE_UNREADABLE', 'a path template has a segment that is not read', { segment: text });
  }
  const [, word, name, rest] = match;
  if (word !== undefined) return { kind: 'word', text: word };
  return { kind: rest === undefined ? 'field' : 'rest', name: name! };
}

/** Words before fields before rests, from left to right. */
function preference({ segments }: RestRoute): string {
  return segments.map(({ kind }) => (kind === 'word' ? 'a' : kind === 'field' ? 'b' : 'c')).join('');
}

function matchSegments(segments: readonly Segment[], words: readonly string[]): PathFields | undefined {
  const takesRest = segments.at(-1)?.kind === 'rest';
  if (takesRest ? words.length < segments.length : words.length !== segments.length) return undefined;
  const fields: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    if (segment.kind === 'word') {
      if (segment.text !== words[index]) return undefined;
    } else {
      fields[segment.name] = segment.kind === 'rest' ? words.slice(index).join('/') : words[index]!;
    }
  }
  return fields;
}
