import { POLICY } from '../server/headers.mjs';

/** Stands in the built index.html until the whole page is there and can be named. */
export const BUILD_PLACEHOLDER = 'build-of-this-page';

/** What a policy may not say in a `meta` element: the browser would complain and leave it out. */
const HEADER_ONLY = /^(frame-ancestors|report-uri|sandbox)\b/;

/**
 * Vite plugin: puts the content security policy into the page itself, for hosts that cannot send it as a header, the script
 * that helps when the page's own does not load, and the name of the build.
 *
 * @returns {import('vite').Plugin}
 */
export function pageMeta() {
  const content = POLICY.filter((directive) => !HEADER_ONLY.test(directive)).join('; ');
  return {
    name: 'page-meta',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: () => [
        { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content }, injectTo: 'head-prepend' },
        // First of all scripts, and no module, so that it is there when another does not load.
        { tag: 'script', attrs: { src: './recover.js' }, injectTo: 'head-prepend' },
        { tag: 'meta', attrs: { name: 'build', content: BUILD_PLACEHOLDER }, injectTo: 'head' },
      ],
    },
  };
}
