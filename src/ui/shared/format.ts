/**
 * A probability with two decimals; with more where two would make it look equal to the threshold that it is not equal to.
 */
export function formatProbability(value: number, threshold?: number): string {
  if (threshold !== undefined && value !== threshold)
    for (let digits = 2; digits < 5; digits++) {
      const text = value.toFixed(digits);
      if (text !== threshold.toFixed(digits)) return text;
    }
  return value.toFixed(2);
}

/** Bytes as millions with one decimal: "8.3". */
export function formatMegabytes(bytes: number, language: string): string {
  return new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(bytes / 1e6);
}
