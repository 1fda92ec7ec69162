import { describe, expect, it } from 'vitest';
import { sortRequests } from './sort-requests.js';

const PAGE = 'https://host.example/tools/reader/?lang=zh';
const fact = (url: string, received = 0) => ({ url, received });

describe('requests', () => {
  it('are named within the folder of the page, and counted by address', () => {
    const { own, foreign, received } = sortRequests(
      [
        fact('https://host.example/tools/reader/assets/b.js', 10),
        fact('https://host.example/tools/reader/assets/b.js'),
        fact('https://host.example/tools/reader/?x=1', 5),
        fact('https://host.example/other.txt', 1),
      ],
      PAGE,
    );
    expect(foreign).toEqual([]);
    expect(received).toBe(16);
    expect(own).toEqual([
      { name: './', times: 1, received: 5 },
      { name: '/other.txt', times: 1, received: 1 },
      { name: 'assets/b.js', times: 2, received: 10 },
    ]);
  });

  it('to another host, port or protocol are told apart', () => {
    const urls = ['https://evil.example/', 'https://host.example:8443/', 'http://host.example/', 'wss://host.example/'];
    const { own, foreign } = sortRequests(
      urls.map((url) => fact(url)),
      PAGE,
    );
    expect(own).toEqual([]);
    expect(foreign.map(({ name }) => name).sort()).toEqual([...urls].sort());
  });

  it('within the page are none', () => {
    expect(sortRequests([fact('blob:https://host.example/1'), fact('data:text/plain,x')], PAGE)).toEqual({
      own: [],
      foreign: [],
      received: 0,
    });
  });
});
