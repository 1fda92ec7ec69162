/** @typedef {import('node:http').Server} Server */

const LOOPBACK = '127.0.0.1';
const TRIES = 50;

/**
 * Listens on the loopback address alone, on `port` or, where that is taken, on one of the next ones.
 *
 * @param {Server} server
 * @param {number} port 0: any free one
 * @param {{ exactly?: boolean }} [options] `exactly`: fail rather than take another port
 * @returns {Promise<string>} the address, with a slash at its end
 */
export async function listen(server, port, { exactly = false } = {}) {
  for (let candidate = port; ; candidate += 1) {
    try {
      await bind(server, candidate);
      const address = server.address();
      return `http://${LOOPBACK}:${typeof address === 'object' && address ? address.port : candidate}/`;
    } catch (error) {
      const taken = /** @type {NodeJS.ErrnoException} */ (error).code === 'EADDRINUSE';
      if (!taken || exactly || candidate >= port + TRIES) throw error;
    }
  }
}

/** @param {Server} server @param {number} port @returns {Promise<void>} */
function bind(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
