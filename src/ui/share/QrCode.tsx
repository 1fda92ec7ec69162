import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { encode } from 'uqr';

/** Bytes that the largest QR code holds at its lowest level of correction (ISO/IEC 18004, version 40-L). */
const CAPACITY = 2953;
const QUIET_ZONE = 4;

/** A link as a QR code: dark on white whatever the theme, since that is what cameras look for. */
export function QrCode({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const code = useMemo(() => (text.length > CAPACITY ? undefined : drawCode(text)), [text]);
  if (!code) return <p className="hint">{t('share.qrTooLong')}</p>;
  return (
    <svg
      className="qr"
      style={{ '--modules': code.size }}
      viewBox={`0 0 ${code.size} ${code.size}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={t('share.qr')}
      data-testid="qr"
    >
      <path fill="#fff" d={`M0 0h${code.size}v${code.size}H0z`} />
      <path fill="#000" d={code.path} />
    </svg>
  );
}

/** One square a module, row by row. */
function drawCode(text: string): { readonly size: number; readonly path: string } {
  const { data, size } = encode(text, { border: QUIET_ZONE });
  const squares = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')));
  return { size, path: squares.join('') };
}
