import { Component, type ReactNode } from 'react';
import type { ErrorValue } from '../../core/result.js';
import { ErrorView } from './ErrorView.js';

interface CrashGuardProps {
  readonly children: ReactNode;
}

/** Keeps a fault of the page's own drawing from blanking it. */
export class CrashGuard extends Component<CrashGuardProps, { readonly error: ErrorValue | undefined }> {
  override state: { readonly error: ErrorValue | undefined } = { error: undefined };

  static getDerivedStateFromError(thrown: unknown): { error: ErrorValue } {
    return { error: { code: 'INTERNAL', message: thrown instanceof Error ? thrown.message : String(thrown), detail: {} } };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <main className="crash">
        <ErrorView error={error} onAgain={() => this.setState({ error: undefined })} />
      </main>
    );
  }
}
