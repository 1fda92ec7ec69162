import { describe, expect, it } from 'vitest';
import { backendOrder } from './engine.js';

describe('backendOrder', () => {
  it('prefers WebGPU, then threads, then one thread', () => {
    expect(backendOrder(undefined, [], true)).toEqual(['webgpu', 'wasm', 'wasm-single']);
  });

  it('leaves out threads where the page is not isolated', () => {
    expect(backendOrder(undefined, [], false)).toEqual(['webgpu', 'wasm-single']);
    expect(backendOrder('wasm', [], false)).toEqual(['wasm-single']);
  });

  it('begins at the wish and keeps what follows it', () => {
    expect(backendOrder('wasm', [], true)).toEqual(['wasm', 'wasm-single']);
    expect(backendOrder('wasm-single', [], true)).toEqual(['wasm-single']);
  });

  it('leaves out what was set aside, a wish included', () => {
    const setAside = [{ backend: 'wasm', reason: 'off by 0.2' }] as const;
    expect(backendOrder(undefined, setAside, true)).toEqual(['webgpu', 'wasm-single']);
    expect(backendOrder('wasm', setAside, true)).toEqual(['wasm-single']);
  });
});
