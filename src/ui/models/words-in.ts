/** A field of a form, without blanks around it; empty if it is not there. */
export function wordsIn(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
