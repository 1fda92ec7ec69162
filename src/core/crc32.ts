/** Eight tables of 256: the CRC of eight bytes at a time ("slicing by 8"), as 600 MB are checked while they are read. */
const TABLES = makeTables();

function makeTables(): Uint32Array {
  const tables = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    tables[byte] = crc;
  }
  for (let index = 256; index < tables.length; index++) {
    const previous = tables[index - 256] ?? 0;
    tables[index] = (previous >>> 8) ^ (tables[previous & 255] ?? 0);
  }
  return tables;
}

/** CRC-32 as zip and PNG have it (polynomial 0xEDB88320), unsigned. Pass the result on as `previous` to go over bytes in pieces. */
export function crc32(bytes: Uint8Array, previous = 0): number {
  const t = TABLES as Uint32Array & Record<number, number>;
  const b = bytes as Uint8Array & Record<number, number>;
  const whole = bytes.length - (bytes.length % 8);
  let crc = ~previous;
  let i = 0;
  for (; i < whole; i += 8) {
    crc ^= b[i]! | (b[i + 1]! << 8) | (b[i + 2]! << 16) | (b[i + 3]! << 24);
    crc =
      t[1792 + (crc & 255)]! ^
      t[1536 + ((crc >>> 8) & 255)]! ^
      t[1280 + ((crc >>> 16) & 255)]! ^
      t[1024 + (crc >>> 24)]! ^
      t[768 + b[i + 4]!]! ^
      t[512 + b[i + 5]!]! ^
      t[256 + b[i + 6]!]! ^
      t[b[i + 7]!]!;
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ t[(crc ^ b[i]!) & 255]!;
  return ~crc >>> 0;
}
