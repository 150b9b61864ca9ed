/**
 * One shape for HTTP on both sides: a server is a function from exchange to answer, and so is a client.
 *
 * Because the two shapes are one, the simulator connects roles by calling them, wrappers (retry, tracing, faults)
 * compose around either side, and only the room `world` knows sockets.
 */

/** Header names are lower case; a header that occurs several times is joined with `, `. */
export type HttpHeaders = Readonly<Record<string, string>>;

export type HttpExchange = {
  readonly method: string;
  /** Absolute (`http://host:port/path?query`) when sent; path and query when received. */
  readonly url: string;
  readonly headers: HttpHeaders;
  /** The body, whole or in pieces as they arrive. A receiver must read it or leave it; it is not buffered for him. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
  /** Aborts when the other side is gone. A receiver stops its work; a sender gives up waiting. */
  readonly signal: AbortSignal;
};

export type HttpAnswer = {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** Whole, or pieces in order. An iterator that throws breaks the connection off, so that nobody mistakes it for the end. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
};

/** Serves one exchange. Throwing is a fault and is answered with status 500. */
export type HttpHandler = (exchange: HttpExchange) => Promise<HttpAnswer>;

/** The bytes of a body. @throws what `tooLarge` gives once more than `bytesMax` have arrived. */
export async function readBody(
  body: Uint8Array | AsyncIterable<Uint8Array>,
  bytesMax: number,
  tooLarge: (bytesSeen: number) => unknown,
): Promise<Uint8Array> {
  if (body instanceof Uint8Array) {
    if (body.length > bytesMax) throw tooLarge(body.length);
    return body;
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > bytesMax) throw tooLarge(length);
    pieces.push(piece);
  }
  return pieces.length === 1 ? pieces[0]! : new Uint8Array(Buffer.concat(pieces));
}
