/** The whole town in one process from one seed: virtual clock, faulty network, checkers, the story. */
export {};
