/** Where the browser keeps settings; undefined where it forbids that. */
export function openStorage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
