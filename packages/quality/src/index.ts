/** Scoring answers and suppliers. Pure. */
export {};
