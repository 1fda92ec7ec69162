/** Counts what became of altered files: an error's code, or that they were read. */
export class Outcomes {
  readonly #counts = new Map<string, number>();

  add(outcome: string): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The most frequent first. */
  describe(): string {
    const sorted = [...this.#counts].sort(([, a], [, b]) => b - a);
    return `${this.total} altered files: ${sorted.map(([outcome, count]) => `${outcome} ${count}`).join(', ')}`;
  }
}
