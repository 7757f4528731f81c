/** A picture that the engine cannot make: says why and what to do. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}
