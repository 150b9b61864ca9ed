/** Token counts as the OpenAI dialect reports them. Unknown is not zero: counts that are missing stay missing. */

export type Usage = {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly totalTokens: number;
  /** The object as the supplier sent it, details included. */
  readonly fields: Readonly<Record<string, unknown>>;
};

/** The counts of a `usage` object, or nothing when it is absent or holds something other than counts. */
export function usageOf(usage: unknown): Usage | undefined {
  if (typeof usage !== 'object' || usage === null) return undefined;
  const fields = usage as Record<string, unknown>;
  const { prompt_tokens: prompt, completion_tokens: completion = 0, total_tokens: total } = fields;
  if (!isCount(prompt) || !isCount(completion)) return undefined;
  return {
    promptTokens: prompt,
    completionTokens: completion,
    totalTokens: isCount(total) ? total : prompt + completion,
    fields,
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
