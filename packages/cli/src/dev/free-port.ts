/** Ports that stay: a supplier's URL is on the ledger, so the next start should find the same ports. */
import { createServer } from 'node:net';

/** The wanted port if it is free, else any free one. */
export async function freePort(wanted: number | undefined): Promise<number> {
  if (wanted !== undefined && (await take(wanted)) === wanted) return wanted;
  return (await take(0))!;
}

export async function isFree(port: number): Promise<boolean> {
  return (await take(port)) === port;
}

function take(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const taken = (server.address() as { port: number }).port;
      server.close(() => resolve(taken));
    });
  });
}
