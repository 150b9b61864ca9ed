/** The whole town in one process from one seed: virtual clock, faulty network, checkers, the story. */
export * from './simulated-town.ts'; // a clock, a network, and roles that can be killed
export * from './local-town.ts'; // the local network in it
export * from './swarm.ts'; // one life of it, decided by a seed
export * from './virtual-fetch.ts'; // fetch, for clients that know nothing of it
