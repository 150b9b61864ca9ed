/** A small OpenAI-compatible server around llama.cpp, and the small models in the box. */

/** The models in the box: id, file, size. */
export { findModel, MODELS, type ModelInBox } from './models.ts';
/** What computes answers. */
export { GREEDY, type ChatMessage, type Engine, type GeneratedPiece, type Piece, type Sampling } from './engine.ts';
/** Loads a model, on llama.cpp or on the stand-in. */
export { loadEngine, type LoadedEngine, type LoadEngineOptions } from './load-engine.ts';
/** The engine on llama.cpp. */
export { createLlamaEngine, type LlamaEngineOptions } from './llama-engine.ts';
/** The engine without a model. */
export { createStandInEngine } from './stand-in-engine.ts';
/** The server as a function from exchange to answer. */
export { createModelHandler, type ModelHandlerOptions } from './model-handler.ts';
/** The server on an address. */
export { startModelServer, type ModelServer, type ModelServerOptions } from './model-server.ts';
/** The held-out questions and their judge. */
export { evaluate, QUESTIONS_FILE, readQuestions, type Verdict } from './evaluate.ts';
export { judge, type Question } from './judge.ts';
export { EVALUATION_BAR, runEvaluateCommand, type EvaluateCommandOptions } from './evaluate-command.ts';
