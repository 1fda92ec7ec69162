import { marked, type Token, type Tokens } from 'marked';
import { createElement, type ReactNode } from 'react';

interface MarkdownProps {
  readonly text: string;
  /** The level of its largest heading. */
  readonly top: number;
}

/** Markdown as elements. HTML in it is shown as text and links go to the web only: a card may come from anyone. */
export function Markdown({ text, top }: MarkdownProps) {
  return <article className="markdown">{renderAll(marked.lexer(text), top)}</article>;
}

function renderAll(tokens: readonly Token[] | undefined, top: number): ReactNode[] {
  return (tokens ?? []).map((token, index) => render(token as Tokens.Generic, index, top));
}

function render(token: Tokens.Generic, key: number, top: number): ReactNode {
  const inner = (): ReactNode => (token.tokens ? renderAll(token.tokens, top) : plain(token['text'] as string));
  switch (token.type) {
    case 'space':
      return null;
    case 'heading':
      return createElement(`h${Math.min(6, (token['depth'] as number) + top - 1)}`, { key }, inner());
    case 'paragraph':
      return <p key={key}>{inner()}</p>;
    case 'list':
      return createElement(token['ordered'] ? 'ol' : 'ul', { key }, renderAll((token as Tokens.List).items, top));
    case 'list_item':
      return <li key={key}>{inner()}</li>;
    case 'blockquote':
      return <blockquote key={key}>{inner()}</blockquote>;
    case 'table':
      return <Table key={key} table={token as Tokens.Table} />;
    case 'code':
      return (
        <pre key={key} tabIndex={0}>
          <code>{token['text']}</code>
        </pre>
      );
    case 'codespan':
      return <code key={key}>{plain(token['text'] as string)}</code>;
    case 'strong':
      return <strong key={key}>{inner()}</strong>;
    case 'em':
      return <em key={key}>{inner()}</em>;
    case 'del':
      return <del key={key}>{inner()}</del>;
    case 'br':
      return <br key={key} />;
    case 'hr':
      return <hr key={key} />;
    case 'link':
      return isWebAddress(token['href']) ? (
        <a key={key} href={token['href']} rel="noreferrer" target="_blank">
          {inner()}
        </a>
      ) : (
        <span key={key}>{inner()}</span>
      );
    case 'text':
    case 'escape':
      return <span key={key}>{inner()}</span>;
    default:
      return <span key={key}>{token.raw}</span>;
  }
}

function Table({ table }: { readonly table: Tokens.Table }) {
  return (
    <div className="table-scroll" tabIndex={0} role="group">
      <table>
        <thead>
          <tr>
            {table.header.map((cell, i) => (
              <th key={i} scope="col">
                {renderAll(cell.tokens, 6)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, j) => (
                <td key={j}>{renderAll(cell.tokens, 6)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function isWebAddress(href: unknown): href is string {
  return typeof href === 'string' && /^https?:\/\//i.test(href);
}

/** The reader leaves entities in its plain text. */
function plain(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name] ?? '');
}
