/**
 * Which path of the backend a relay may ask for: normalised first, then looked up, then joined to the backend's own.
 *
 * The request names any URL it likes; only its path and query count, and scheme, host and base path are the operator's.
 * What a backend might decode differently than we do (encoded slashes, backslashes, NUL) is not allowed anywhere.
 */

export type BackendPath = {
  /** Begins with `/`; no dot segments, no empty segments. */
  readonly path: string;
  /** With its `?`, or empty. */
  readonly query: string;
};

/** Path and query of a URL or of a bare path; undefined when it has none that every server reads alike. */
export function readBackendPath(url: string): BackendPath | undefined {
  if (/[\\\s]|%2f|%5c|%00/i.test(url)) return undefined;
  // Two slashes at the start would be read as a host.
  const relative = url.startsWith('/') ? url.replace(/^\/+/, '/') : url;
  if (!URL.canParse(relative, 'http://backend')) return undefined;
  const { pathname, search, protocol } = new URL(relative, 'http://backend');
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  return { path: withoutDotSegments(pathname), query: search };
}

/**
 * The path without empty and dot segments. URL resolves them too, but leaves some where a segment before them begins with a
 * dot (Node.js 20.20), and what is left would climb out of what is allowed.
 */
function withoutDotSegments(pathname: string): string {
  const segments = pathname.split('/').map((segment) => segment.replace(/^(?:\.|%2e){1,2}$/i, dotsOf));
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '.' && segment !== '') kept.push(segment);
  }
  const isOpen = kept.length > 0 && ['', '.', '..'].includes(segments.at(-1)!);
  return `/${kept.join('/')}${isOpen ? '/' : ''}`;
}

function dotsOf(segment: string): string {
  return segment.replace(/%2e/gi, '.');
}

/** Whether a normalised path is on the list. `*` at the end of an entry takes everything below it. */
export function isPathAllowed(path: string, allowedPaths: readonly string[]): boolean {
  return allowedPaths.some((allowed) =>
    allowed.endsWith('*') ? path.startsWith(allowed.slice(0, -1)) : path === allowed,
  );
}

/** The backend's URL for a path: its base path before it, its own query parameters before those asked for. */
export function backendUrl(backend: string, { path, query }: BackendPath): string {
  const url = new URL(backend);
  url.pathname = url.pathname.replace(/\/+$/, '') + path;
  url.search = [url.search, query]
    .map((part) => part.replace(/^\?/, ''))
    .filter((part) => part !== '')
    .join('&');
  return url.href;
}
