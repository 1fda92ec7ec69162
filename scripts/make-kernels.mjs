// `node scripts/make-kernels.mjs`: assembles src/core/simd/kernels.wat into kernels-binary.ts, after a change of the former.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import wabt from 'wabt';
import { ROOT } from './paths.mjs';

const FOLDER = join(ROOT, 'src/core/simd');

const assembler = await wabt();
const source = assembler.parseWat('kernels.wat', readFileSync(join(FOLDER, 'kernels.wat'), 'utf8'), { simd: true });
source.resolveNames();
source.validate();
const base64 = Buffer.from(source.toBinary({}).buffer).toString('base64');
const lines = base64.match(/.{1,110}/g) ?? [];
const text = [
  '// Made by scripts/make-kernels.mjs from kernels.wat; kernels.test.ts compares the two.',
  '',
  '/** The assembled module, base64. */',
  'export const KERNELS_BINARY =',
  ...lines.map((line, i) => `  '${line}'${i === lines.length - 1 ? ';' : ' +'}`),
  '',
].join('\n');
writeFileSync(join(FOLDER, 'kernels-binary.ts'), text);
