import type { ShellPage } from './state.js';

/** Chromium's event, which no library's types have. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

/** The browser's offer to install the page, kept until the reader asks for it. */
export class InstallOffer {
  #prompt: InstallPrompt | undefined;

  constructor(private readonly page: ShellPage) {
    addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault();
      this.#prompt = event as InstallPrompt;
      page.onChange({ installable: true });
    });
    addEventListener('appinstalled', () => this.#withdraw());
  }

  async ask(): Promise<void> {
    const prompt = this.#prompt;
    // It serves once.
    this.#withdraw();
    await prompt?.prompt();
  }

  #withdraw(): void {
    this.#prompt = undefined;
    this.page.onChange({ installable: false });
  }
}
