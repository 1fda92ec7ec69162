// Blue-grey to yellow with steadily rising lightness: in order for any colour vision, and in grey.
const STOPS = [
  [0x3b, 0x51, 0x80],
  [0x5f, 0x6b, 0x7b],
  [0x8a, 0x86, 0x78],
  [0xb8, 0xa6, 0x64],
  [0xec, 0xd0, 0x4c],
] as const;

/** The colour of a probability; always shown beside its number. */
export function rampColour(probability: number): string {
  const place = Math.min(1, Math.max(0, probability)) * (STOPS.length - 1);
  const index = Math.min(STOPS.length - 2, Math.floor(place));
  const from = STOPS[index] ?? STOPS[0];
  const to = STOPS[index + 1] ?? from;
  const mixed = from.map((channel, i) => Math.round(channel + ((to[i] ?? channel) - channel) * (place - index)));
  return `rgb(${mixed.join(' ')})`;
}

/** The whole ramp, for a scale. */
export const RAMP_GRADIENT = `linear-gradient(90deg, ${STOPS.map((stop) => `rgb(${stop.join(' ')})`).join(', ')})`;
