/** The real world: clock, randomness, HTTP, WebSocket and disk and threads behind the one World value. */

/** The World of a real process. */
export { createWorld, type RealWorld, type RealWorldOptions } from './real-world.ts';
/** HTTP requests through undici. */
export { createHttpClient, type HttpClient } from './undici-request.ts';
/** An HttpHandler behind node:http. */
export { serveHttp } from './serve-http.ts';
/** WebSocket, client side. */
export { connectWebSocket } from './web-socket.ts';
/** Files that hold a secret. */
export { createSecretFiles } from './secret-files.ts';
/** Durable storage on LMDB. */
export { openLmdbStore } from './lmdb-store.ts';
/** Judges on worker threads. */
export { threadedJudges } from './threaded-judges.ts';
/** SQL on libsql. */
export { openLibsqlDatabase } from './libsql-database.ts';
/** The same in memory, for tests and the simulator. */
export { createMemoryDatabases, type MemoryDatabases } from './memory-databases.ts';
