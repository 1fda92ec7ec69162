/** Changes part of the state. */
export type SetState<S> = (change: Partial<S> | ((state: S) => Partial<S>)) => void;

/** Makes one part of the state; `Needs` are the parts of others that it reads or sets. */
export type SliceCreator<Own, Needs = object> = (set: SetState<Own & Needs>, get: () => Own & Needs) => Own;
