import { createContext, useContext, useEffect, useId, useRef, useState, type ReactNode } from 'react';

const CloseContext = createContext<() => void>(() => undefined);

/** Closes the panel around the component. */
export function useClose(): () => void {
  return useContext(CloseContext);
}

interface DisclosureProps {
  readonly label: ReactNode;
  readonly className?: string;
  readonly title?: string;
  readonly testId?: string;
  readonly children: ReactNode;
}

/** A button with a panel under it, which Escape, a click elsewhere and focus leaving it close. */
export function Disclosure({ label, className = '', title, testId, children }: DisclosureProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  useEffect(() => {
    if (!open) return;
    const onPointerDown = (event: PointerEvent): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    // Before the page's own Escape, which would let a pinned position go.
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', onPointerDown);
    document.addEventListener('keydown', onKeyDown, true);
    return () => {
      document.removeEventListener('pointerdown', onPointerDown);
      document.removeEventListener('keydown', onKeyDown, true);
    };
  }, [open]);
  return (
    <div
      className={`disclosure ${className}`}
      ref={root}
      onBlur={(event) => {
        if (event.relatedTarget && !root.current?.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        className="quiet"
        title={title}
        data-testid={testId}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {label}
      </button>
      <div id={id} className="disclosure-panel" hidden={!open}>
        {open && <CloseContext value={close}>{children}</CloseContext>}
      </div>
    </div>
  );
}
