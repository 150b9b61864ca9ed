/** A small OpenAI-compatible server around llama.cpp, and the small models in the box. */
export {};
