/** One binary, decai. */
export {};
