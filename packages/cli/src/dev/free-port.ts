/** Ports that stay: a supplier's URL is on the ledger, so the next start should find the same ports. */
import { createServer } from 'node:net';

/** The wanted port if it is free, else any free one. */
export async function freePort(wanted: number | undefined): Promise<number> {
  if (wanted !== undefined && (await portTrouble(wanted)) === undefined) return wanted;
  return await listenOnce(0);
}

/** Why nobody could listen on this port of the loopback now: `EADDRINUSE`, `EACCES`; undefined when one could. */
export async function portTrouble(port: number): Promise<string | undefined> {
  return await listenOnce(port).then(
    () => undefined,
    (thrown: NodeJS.ErrnoException) => thrown.code ?? thrown.message,
  );
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const taken = (server.address() as { port: number }).port;
      server.close(() => resolve(taken));
    });
  });
}
