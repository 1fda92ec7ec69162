import { dropShell } from './drop-shell.js';
import { forgetOnce, once } from './once.js';

// Loaded before the page's own script. A page that its service worker serves from files which no longer fit together would stay
// broken for ever: when one of its scripts or styles does not load, what was kept is dropped and the page loaded from the server.
addEventListener(
  'error',
  ({ target }) => {
    const ours = target instanceof HTMLScriptElement || (target instanceof HTMLLinkElement && target.rel === 'stylesheet');
    if (!ours || !navigator.serviceWorker?.controller || !once('recover')) return;
    void dropShell().then(() => location.reload());
  },
  true,
);

// A page that came up may be helped again later.
addEventListener('load', () => setTimeout(() => document.getElementById('root')?.hasChildNodes() && forgetOnce('recover'), 5000));
