;; The loops that a film spends its time in beside the network, four to eight numbers at a time.
;; Assembled into kernels.ts by `node scripts/make-kernels.mjs`; kernels.test.ts compares the two.
(module
  (memory (export "memory") 1)

  ;; One pass of Pillow's resize over rows of 8-bit grey, exact. Four rows go together; their four results for a column lie side by
  ;; side in `out`, which is the transposed picture, so that a second pass over it does the columns.
  ;;
  ;; first    i32 a column: where its weights begin in a row
  ;; weights  for a column `blocks` blocks of 32 bytes: eight i16 high parts, eight i16 low parts; weight = high * 2048 + low. In halves
  ;;          they fit the 16-bit multiply-add. Whatever lies behind a row is multiplied by 0.
  ;; rows     a multiple of four
  (func (export "resample")
    (param $pixels i32) (param $width i32) (param $rows i32)
    (param $first i32) (param $weights i32) (param $blocks i32)
    (param $out i32) (param $outStride i32) (param $outWidth i32)
    (local $y i32) (local $x i32) (local $block i32) (local $pixel i32) (local $weight i32) (local $to i32)
    (local $high v128) (local $low v128) (local $four v128)
    (local $high0 v128) (local $high1 v128) (local $high2 v128) (local $high3 v128)
    (local $low0 v128) (local $low1 v128) (local $low2 v128) (local $low3 v128)
    (loop $fourRows
      (local.set $x (i32.const 0))
      (local.set $weight (local.get $weights))
      (local.set $to (i32.add (local.get $out) (local.get $y)))
      (loop $columns
        (local.set $pixel (i32.add (local.get $pixels) (i32.load (i32.add (local.get $first) (i32.shl (local.get $x) (i32.const 2))))))
        (local.set $high0 (v128.const i32x4 0 0 0 0)) (local.set $low0 (v128.const i32x4 0 0 0 0))
        (local.set $high1 (v128.const i32x4 0 0 0 0)) (local.set $low1 (v128.const i32x4 0 0 0 0))
        (local.set $high2 (v128.const i32x4 0 0 0 0)) (local.set $low2 (v128.const i32x4 0 0 0 0))
        (local.set $high3 (v128.const i32x4 0 0 0 0)) (local.set $low3 (v128.const i32x4 0 0 0 0))
        (local.set $block (local.get $blocks))
        (loop $taps
          (local.set $high (v128.load (local.get $weight)))
          (local.set $low (v128.load offset=16 (local.get $weight)))
          (local.set $four (v128.load8x8_u (local.get $pixel)))
          (local.set $high0 (i32x4.add (local.get $high0) (i32x4.dot_i16x8_s (local.get $four) (local.get $high))))
          (local.set $low0 (i32x4.add (local.get $low0) (i32x4.dot_i16x8_s (local.get $four) (local.get $low))))
          (local.set $four (v128.load8x8_u (i32.add (local.get $pixel) (local.get $width))))
          (local.set $high1 (i32x4.add (local.get $high1) (i32x4.dot_i16x8_s (local.get $four) (local.get $high))))
          (local.set $low1 (i32x4.add (local.get $low1) (i32x4.dot_i16x8_s (local.get $four) (local.get $low))))
          (local.set $four (v128.load8x8_u (i32.add (local.get $pixel) (i32.shl (local.get $width) (i32.const 1)))))
          (local.set $high2 (i32x4.add (local.get $high2) (i32x4.dot_i16x8_s (local.get $four) (local.get $high))))
          (local.set $low2 (i32x4.add (local.get $low2) (i32x4.dot_i16x8_s (local.get $four) (local.get $low))))
          (local.set $four (v128.load8x8_u (i32.add (local.get $pixel) (i32.mul (local.get $width) (i32.const 3)))))
          (local.set $high3 (i32x4.add (local.get $high3) (i32x4.dot_i16x8_s (local.get $four) (local.get $high))))
          (local.set $low3 (i32x4.add (local.get $low3) (i32x4.dot_i16x8_s (local.get $four) (local.get $low))))
          (local.set $pixel (i32.add (local.get $pixel) (i32.const 8)))
          (local.set $weight (i32.add (local.get $weight) (i32.const 32)))
          (br_if $taps (local.tee $block (i32.sub (local.get $block) (i32.const 1)))))
        ;; A sum a row, in four lanes each: halves joined, then lanes added across until there is one lane a row.
        (local.set $high0 (i32x4.add (i32x4.shl (local.get $high0) (i32.const 11)) (local.get $low0)))
        (local.set $high1 (i32x4.add (i32x4.shl (local.get $high1) (i32.const 11)) (local.get $low1)))
        (local.set $high2 (i32x4.add (i32x4.shl (local.get $high2) (i32.const 11)) (local.get $low2)))
        (local.set $high3 (i32x4.add (i32x4.shl (local.get $high3) (i32.const 11)) (local.get $low3)))
        (local.set $low0 (i32x4.add
          (i8x16.shuffle 0 1 2 3 16 17 18 19 8 9 10 11 24 25 26 27 (local.get $high0) (local.get $high1))
          (i8x16.shuffle 4 5 6 7 20 21 22 23 12 13 14 15 28 29 30 31 (local.get $high0) (local.get $high1))))
        (local.set $low2 (i32x4.add
          (i8x16.shuffle 0 1 2 3 16 17 18 19 8 9 10 11 24 25 26 27 (local.get $high2) (local.get $high3))
          (i8x16.shuffle 4 5 6 7 20 21 22 23 12 13 14 15 28 29 30 31 (local.get $high2) (local.get $high3))))
        (local.set $four (i32x4.add
          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $low0) (local.get $low2))
          (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $low0) (local.get $low2))))
        ;; Rounded at 22 fraction bits; narrowing twice with saturation clips to 0-255.
        (local.set $four (i32x4.shr_s (i32x4.add (local.get $four) (v128.const i32x4 0x200000 0x200000 0x200000 0x200000)) (i32.const 22)))
        (local.set $four (i16x8.narrow_i32x4_s (local.get $four) (local.get $four)))
        (v128.store32_lane 0 (local.get $to) (i8x16.narrow_i16x8_u (local.get $four) (local.get $four)))
        (local.set $to (i32.add (local.get $to) (local.get $outStride)))
        (br_if $columns (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 1))) (local.get $outWidth))))
      (local.set $pixels (i32.add (local.get $pixels) (i32.shl (local.get $width) (i32.const 2))))
      (br_if $fourRows (i32.lt_u (local.tee $y (i32.add (local.get $y) (i32.const 4))) (local.get $rows)))))

  ;; sums = values x matrix, float32: `count` values, as many rows of `columns` numbers (a multiple of sixteen).
  (func (export "project")
    (param $values i32) (param $count i32) (param $matrix i32) (param $columns i32) (param $sums i32)
    (local $column i32) (local $i i32) (local $at i32) (local $value v128)
    (local $sum0 v128) (local $sum1 v128) (local $sum2 v128) (local $sum3 v128)
    (loop $sixteen
      (local.set $at (i32.add (local.get $matrix) (i32.shl (local.get $column) (i32.const 2))))
      (local.set $i (i32.const 0))
      (local.set $sum0 (v128.const i32x4 0 0 0 0)) (local.set $sum1 (v128.const i32x4 0 0 0 0))
      (local.set $sum2 (v128.const i32x4 0 0 0 0)) (local.set $sum3 (v128.const i32x4 0 0 0 0))
      (loop $rows
        (local.set $value (v128.load32_splat (i32.add (local.get $values) (i32.shl (local.get $i) (i32.const 2)))))
        (local.set $sum0 (f32x4.add (local.get $sum0) (f32x4.mul (local.get $value) (v128.load (local.get $at)))))
        (local.set $sum1 (f32x4.add (local.get $sum1) (f32x4.mul (local.get $value) (v128.load offset=16 (local.get $at)))))
        (local.set $sum2 (f32x4.add (local.get $sum2) (f32x4.mul (local.get $value) (v128.load offset=32 (local.get $at)))))
        (local.set $sum3 (f32x4.add (local.get $sum3) (f32x4.mul (local.get $value) (v128.load offset=48 (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.shl (local.get $columns) (i32.const 2))))
        (br_if $rows (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $count))))
      (v128.store (local.get $sums) (local.get $sum0))
      (v128.store offset=16 (local.get $sums) (local.get $sum1))
      (v128.store offset=32 (local.get $sums) (local.get $sum2))
      (v128.store offset=48 (local.get $sums) (local.get $sum3))
      (local.set $sums (i32.add (local.get $sums) (i32.const 64)))
      (br_if $sixteen (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 16))) (local.get $columns)))))

  ;; The red bytes of `count` pixels (a multiple of sixteen), four bytes each. Returns 1 if any was no grey, plus 2 if any was not opaque.
  (func (export "reds") (param $rgba i32) (param $count i32) (param $out i32) (result i32)
    (local $end i32) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $byte v128) (local $differs v128) (local $opaque v128)
    (local.set $byte (v128.const i32x4 0xff 0xff 0xff 0xff))
    (local.set $opaque (v128.const i32x4 -1 -1 -1 -1))
    (local.set $end (i32.add (local.get $out) (local.get $count)))
    (loop $sixteen
      (local.set $a (v128.load (local.get $rgba)))
      (local.set $b (v128.load offset=16 (local.get $rgba)))
      (local.set $c (v128.load offset=32 (local.get $rgba)))
      (local.set $d (v128.load offset=48 (local.get $rgba)))
      (local.set $opaque (v128.and (local.get $opaque)
        (v128.and (v128.and (local.get $a) (local.get $b)) (v128.and (local.get $c) (local.get $d)))))
      ;; Each channel against the next; what this gives for blue and alpha does not matter.
      (local.set $differs (v128.or (local.get $differs) (v128.or
        (v128.or
          (v128.xor (local.get $a) (i32x4.shr_u (local.get $a) (i32.const 8)))
          (v128.xor (local.get $b) (i32x4.shr_u (local.get $b) (i32.const 8))))
        (v128.or
          (v128.xor (local.get $c) (i32x4.shr_u (local.get $c) (i32.const 8)))
          (v128.xor (local.get $d) (i32x4.shr_u (local.get $d) (i32.const 8)))))))
      (v128.store (local.get $out) (i8x16.narrow_i16x8_u
        (i16x8.narrow_i32x4_u (v128.and (local.get $a) (local.get $byte)) (v128.and (local.get $b) (local.get $byte)))
        (i16x8.narrow_i32x4_u (v128.and (local.get $c) (local.get $byte)) (v128.and (local.get $d) (local.get $byte)))))
      (local.set $rgba (i32.add (local.get $rgba) (i32.const 64)))
      (br_if $sixteen (i32.lt_u (local.tee $out (i32.add (local.get $out) (i32.const 16))) (local.get $end))))
    (i32.or
      (v128.any_true (v128.and (local.get $differs) (v128.const i32x4 0xffff 0xffff 0xffff 0xffff)))
      (i32.shl
        (v128.any_true (v128.andnot (v128.const i32x4 0xff000000 0xff000000 0xff000000 0xff000000) (local.get $opaque)))
        (i32.const 1))))
)
