/** One request that a page or a worker made, as the browser's own record (Resource Timing) has it. */
export interface RequestFact {
  readonly url: string;
  /** Bytes that came over the network; 0: from a cache. */
  readonly received: number;
}
