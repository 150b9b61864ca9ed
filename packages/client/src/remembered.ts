/**
 * Answers remembered by key, the newest `capacity` of them: one question in flight for everyone who asks at the same time,
 * and a failure is not remembered.
 */

export type Remembered<Value> = {
  /** The remembered answer, or that of `ask`. */
  get(key: string, ask: () => Promise<Value>): Promise<Value>;
  forget(key: string): void;
};

export function remember<Value>(capacity: number): Remembered<Value> {
  const answers = new Map<string, Promise<Value>>();
  return {
    get(key, ask) {
      const known = answers.get(key);
      if (known !== undefined) return known;
      const answer = ask();
      answers.set(key, answer);
      answer.catch(() => {
        if (answers.get(key) === answer) answers.delete(key);
      });
      if (answers.size > capacity) answers.delete(answers.keys().next().value!);
      return answer;
    },
    forget: (key) => answers.delete(key),
  };
}
