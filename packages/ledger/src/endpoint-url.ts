/**
 * Which texts are the URL of a supplier's endpoint.
 *
 * A URL has one of four schemes and something behind the `//`. What else it may contain is what Go's parser takes, which
 * is neither what RFC 3986 says nor what a browser does: the ledger must agree with itself on every node, so the rules
 * are written out here and not left to a platform's parser.
 *
 * Source: golang/go `net/url/url.go` (Parse, parseHost, unescape); pokt-network/poktroll `x/shared/types/service.go`.
 */

const SCHEMES: ReadonlySet<string> = new Set(['http', 'https', 'ws', 'wss']);

/** Whether a supplier may list this URL. */
export function isEndpointUrl(text: string): boolean {
  if (hasControlCharacter(text)) return false;
  const [beforeFragment, fragment] = cut(text, '#');
  if (!hasValidEscapes(fragment)) return false;

  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(beforeFragment)?.[1];
  if (scheme === undefined || !SCHEMES.has(scheme.toLowerCase())) return false;

  const [hierarchy] = cut(beforeFragment.slice(scheme.length + 1), '?'); // A query is kept as it is, whatever it holds.
  if (!hierarchy.startsWith('//')) return false;
  const slash = hierarchy.indexOf('/', 2);
  const authority = hierarchy.slice(2, slash === -1 ? undefined : slash);
  const path = slash === -1 ? '' : hierarchy.slice(slash);
  return hasValidEscapes(path) && isAuthority(authority);
}

function isAuthority(authority: string): boolean {
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  if (at >= 0) {
    const userinfo = authority.slice(0, at);
    if (!/^[A-Za-z0-9\-._~:!$&'()*+,;=%@]*$/.test(userinfo) || !hasValidEscapes(userinfo)) return false;
    // A name before the `@` does not replace a host; nothing before it and nothing behind it is taken.
    if (userinfo !== '' && host === '') return false;
  }
  return authority !== '' && isHost(host);
}

function isHost(host: string): boolean {
  if (host.startsWith('[')) return isBracketedHost(host);
  const colon = host.indexOf(':');
  if (colon !== -1 && !isPort(host.slice(colon))) return false;
  return isHostText(host);
}

function isBracketedHost(host: string): boolean {
  const close = host.lastIndexOf(']');
  if (close === -1 || !isPort(host.slice(close + 1))) return false;
  const zone = host.indexOf('%25');
  if (zone === -1 || zone > close) return isHostText(host);
  return isHostText(host.slice(0, zone)) && isZoneText(host.slice(zone, close)) && isHostText(host.slice(close));
}

/** A colon and digits, or nothing; the number of digits, even none, does not matter. */
function isPort(text: string): boolean {
  return /^(:[0-9]*)?$/.test(text);
}

/** Plain host characters or any beyond ASCII. An escape may spell only a byte beyond ASCII. */
function isHostText(text: string): boolean {
  return (
    hasValidEscapes(text) &&
    /^([A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"\u0080-\uffff]|%[89a-fA-F][0-9a-fA-F]|%25)*$/.test(text)
  );
}

/** Behind `%25`, the name of a network interface: host characters, escapes of them, or an escaped blank. */
function isZoneText(text: string): boolean {
  if (!hasValidEscapes(text)) return false;
  for (const [, hex, plain] of text.matchAll(/%(..)|([^%])/gsu)) {
    if (plain !== undefined && !isHostCharacter(plain)) return false;
    if (hex === undefined || hex === '25' || hex === '20') continue;
    const byte = parseInt(hex, 16);
    if (byte < 0x80 && !isHostCharacter(String.fromCharCode(byte))) return false;
  }
  return true;
}

function isHostCharacter(character: string): boolean {
  return /^[A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"\u0080-\u{10ffff}]$/u.test(character);
}

/** Every `%` begins two hexadecimal digits. */
function hasValidEscapes(text: string): boolean {
  return !/%(?![0-9a-fA-F]{2})/.test(text);
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

function cut(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
