const WANTED = Object.entries(__SECURITY_HEADERS__);

/**
 * The response with the headers that isolate the page and hold it to its policy, where its host did not send them. A response that
 * has them is passed on as it is: the browser keeps compiled code beside it.
 */
export function secured(response: Response): Response {
  // An answer that may not be looked into cannot be copied either, and is none of ours.
  if (response.type === 'opaque' || response.type === 'opaqueredirect' || response.type === 'error') return response;
  if (WANTED.every(([name, value]) => response.headers.get(name) === value)) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of WANTED) headers.set(name, value);
  const { status, statusText } = response;
  const empty = status === 204 || status === 205 || status === 304;
  return new Response(empty ? null : response.body, { status, statusText, headers });
}
