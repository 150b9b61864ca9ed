/** Scoring answers and suppliers. Pure. */
export * from './reputation.ts'; // rates of failure that fade, and the score they give
