import { parseNumber } from './text.ts';

export type Measure = { readonly index: number; readonly isMajor: boolean };

const NUMBER = '(?<![\\d.,])(\\d[\\d.,]{0,15})';
const MULTIPLIER =
  '\\s?(k|m|rb|ribu|jt|juta|million|mn|thousand|billion|b|miliar|milyar|hundred|ratus)?';
const COUNTED =
  '(?:users?|pengguna|customers?|pelanggan|requests?|req|rps|qps|tps|transactions?|transaksi|orders?|pesanan|events?|messages?|pesan|records?|rows?|baris|downloads?|unduhan|merchants?|merchant|stores?|toko|clients?|klien|nasabah|students?|siswa|mahasiswa|candidates?|kandidat|pelamar|applicants?|documents?|dokumen|jobs?|files?|subscribers?|visitors?|pengunjung|permintaan|calls?|queries|kueri|drivers?|pengemudi|sellers?|penjual|shops?|patients?|pasien|invoices?|faktur|tickets?|tiket|bookings?|reservations?|shipments?|parcels?|evaluations?|applications?|lamaran|evaluasi|pengiriman|devices?)';
const TIME_UNIT =
  '(?:ms|milliseconds?|milidetik|s|secs?|seconds?|detik|mins?|minutes?|menit|hours?|jam|days?|hari|weeks?|minggu|months?|bulan|%)';

const PERCENT = new RegExp(`${NUMBER}\\s?(?:%|percent\\b|per cent\\b|persen\\b)`, 'gi');
const TIMES = new RegExp(`${NUMBER}\\s?(?:x\\b|×|-?fold\\b|times\\b|kali\\b)`, 'gi');
const COUNT = new RegExp(
  `${NUMBER}${MULTIPLIER}\\+?\\s{0,2}(?:[\\p{L}-]{1,15}\\s){0,2}?${COUNTED}(?!\\p{L})`,
  'giu',
);
const MONEY = new RegExp(
  `(rp\\.?|idr|usd|us\\$|\\$|€|sgd)\\s?(\\d[\\d.,]{0,18})${MULTIPLIER}`,
  'gi',
);
const DURATION = new RegExp(`${NUMBER}\\s?${TIME_UNIT}(?!\\p{L})`, 'giu');
const CHANGE = new RegExp(
  `(?:from|dari)\\s(?:[\\p{L}]{1,12}\\s){0,2}?(\\d[\\d.,]{0,12})\\s?(\\p{L}{1,12}|%)?\\s(?:[\\p{L}]{1,12}\\s){0,2}?(?:to|menjadi|ke|jadi)\\s(?:[\\p{L}]{1,12}\\s){0,2}?(\\d[\\d.,]{0,12})\\s?(\\p{L}{1,12}|%)?`,
  'giu',
);

/** "Feb 2024 s/d Jul 2024" is a span of time, and no 2024 seconds. */
const YEAR_BEFORE_S = /^(?:19|20)\d\d\s?s$/i;

/** Of a level that is kept and not of a change, a high percentage is no great thing. */
const LEVEL = /uptime|availability|ketersediaan|accuracy|akurasi|coverage|cakupan|sla\b|gpa|ipk/i;
const MAJOR_PERCENT = 30;
const MAJOR_TIMES = 2;
const MAJOR_COUNT = 10_000;
const MAJOR_RUPIAH = 100_000_000;
const MAJOR_CURRENCY = 50_000;

/** The numbers of a statement that measure an outcome, and whether each is a large one. */
export function findMeasures(text: string): Measure[] {
  return [
    ...changes(text),
    ...percents(text),
    ...multiples(text),
    ...counts(text),
    ...sums(text),
    ...durations(text),
  ];
}

function changes(text: string): Measure[] {
  return [...text.matchAll(CHANGE)].map((match) => {
    const before = parseNumber(match[1] ?? '') * secondsIn(match[2] ?? match[4]);
    const after = parseNumber(match[3] ?? '') * secondsIn(match[4] ?? match[2]);
    const ratio = Math.max(before, after) / Math.max(1e-9, Math.min(before, after));
    return { index: match.index, isMajor: ratio >= MAJOR_TIMES && ratio < 1e9 };
  });
}

function percents(text: string): Measure[] {
  return [...text.matchAll(PERCENT)].map((match) => ({
    index: match.index,
    isMajor: parseNumber(match[1] ?? '') >= MAJOR_PERCENT && !LEVEL.test(text),
  }));
}

function multiples(text: string): Measure[] {
  return [...text.matchAll(TIMES)].map((match) => ({
    index: match.index,
    isMajor: parseNumber(match[1] ?? '') >= MAJOR_TIMES,
  }));
}

function counts(text: string): Measure[] {
  return [...text.matchAll(COUNT)].map((match) => ({
    index: match.index,
    isMajor: parseNumber(match[1] ?? '') * factor(match[2]) >= MAJOR_COUNT,
  }));
}

function sums(text: string): Measure[] {
  return [...text.matchAll(MONEY)].map((match) => {
    const isRupiah = /^(?:rp|idr)/i.test(match[1] ?? '');
    const sum = parseNumber(match[2] ?? '') * factor(match[3]);
    return { index: match.index, isMajor: sum >= (isRupiah ? MAJOR_RUPIAH : MAJOR_CURRENCY) };
  });
}

function durations(text: string): Measure[] {
  return [...text.matchAll(DURATION)]
    .filter((match) => !YEAR_BEFORE_S.test(match[0]))
    .map((match) => ({ index: match.index, isMajor: false }));
}

function factor(word: string | undefined): number {
  const known: Record<string, number> = {
    k: 1e3,
    rb: 1e3,
    ribu: 1e3,
    thousand: 1e3,
    hundred: 100,
    ratus: 100,
    m: 1e6,
    mn: 1e6,
    jt: 1e6,
    juta: 1e6,
    million: 1e6,
    b: 1e9,
    billion: 1e9,
    miliar: 1e9,
    milyar: 1e9,
  };
  return known[word?.toLowerCase() ?? ''] ?? 1;
}

/** Units of time compare with each other; all other units only with themselves. */
function secondsIn(unit: string | undefined): number {
  const word = unit?.toLowerCase() ?? '';
  if (/^(?:ms|milli|mili)/.test(word)) return 0.001;
  if (/^(?:min|menit)/.test(word)) return 60;
  if (/^(?:hour|jam)/.test(word)) return 3_600;
  if (/^(?:day|hari)/.test(word)) return 86_400;
  if (/^(?:week|minggu)/.test(word)) return 604_800;
  if (/^(?:month|bulan)/.test(word)) return 2_592_000;
  return factor(word);
}
