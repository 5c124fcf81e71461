import type { SignalGroup } from './signals.ts';

export type Criterion = {
  readonly groups: readonly SignalGroup[];
  /** Names of the groups without which the score stays below 4. */
  readonly core: readonly string[];
  /** Shares of what could be shown, from which 2, 3, 4 and 5 are given. */
  readonly shares: readonly [number, number, number, number];
  /** How many groups must be shown with how, why or numbers for a 5. */
  readonly deepForFive: number;
};

const CORRECTNESS: Criterion = {
  core: ['prompts', 'chaining', 'retrieval'],
  shares: [0.12, 0.32, 0.52, 0.7],
  deepForFive: 4,
  groups: [
    {
      name: 'prompts',
      label: 'prompt design',
      phrases: `prompt design, prompt engineering, prompt template*, system prompt*, prompt, prompts, few shot, zero shot, structured output*, json schema, json mode, output format, delimiter*, role instruction*,
        rancangan prompt, desain prompt, templat prompt, keluaran terstruktur, skema json, format keluaran, rekayasa prompt`,
    },
    {
      name: 'chaining',
      label: 'LLM chaining',
      phrases: `llm chain*, prompt chain*, chaining, chained, chain of calls, chain of prompts, chain of llm, chain of thought, chain, evaluation pipeline, scoring pipeline, llm pipeline, multi step, multi stage, step by step, separate call*, first call, second call, third call, final call, two calls, three calls, four calls, three step*, four step*,
        synthesis, synthesi*, final summary, langgraph, refinement, dirangkai, dirantai, rantai, berantai, perangkaian, pipeline evaluasi, pipeline penilaian, alur evaluasi, tahap pertama, tahap kedua, panggilan pertama, panggilan kedua, panggilan ketiga, panggilan terpisah, langkah terakhir, sintesis, merangkum, tiga panggilan, dua panggilan, tiga tahap, empat tahap`,
    },
    {
      name: 'retrieval',
      label: 'retrieval of context (RAG)',
      phrases: `rag, retrieval, retrieve, retrieves, retrieved, vector database*, vector db*, vector store*, vector index, embedding*, embedded, chunk*, top k, similarity, cosine, pgvector, qdrant, pinecone, weaviate, chromadb, chroma, faiss, milvus, semantic search, hybrid search, rerank*,
        basis data vektor, database vektor, penyimpanan vektor, indeks vektor, penyematan, potongan, pencarian semantik, pencarian vektor, kemiripan, mengambil konteks, konteks yang relevan, diambil dari`,
    },
    {
      name: 'interface',
      label: 'the API asked for',
      phrases: `post upload, post evaluate, get result, upload endpoint, evaluate endpoint, result endpoint, endpoint*, job id, evaluation id, rest api, titik akhir, id pekerjaan, id tugas, status queued, queued, processing, completed`,
    },
    {
      name: 'rubric',
      label: 'scoring by a rubric',
      phrases: `rubric*, weighted, weight*, scored, scores, scoring, match rate, per parameter, each parameter, rubrik, bobot, pembobotan, skor, nilai akhir, tiap parameter, setiap parameter, penilaian`,
    },
    {
      name: 'documents',
      label: 'reading the documents',
      phrases: `pdf, pdfs, parse, parsed, parser, parsing, extracted, extraction, extracts, text extraction, ocr, ekstraksi, mengekstrak, diekstrak, mengurai, penguraian`,
    },
    {
      name: 'checks',
      label: 'checks of the answers',
      phrases: `validat*, zod, pydantic, schema check*, verified, verif*, guardrail*, sanity check*, ground truth, evaluated against, golden, quote*, citation*, evidence, hallucinat*, consistency check*, validasi, divalidasi, memvalidasi, verifikasi, diverifikasi, memverifikasi, kutipan, bukti, halusinasi`,
    },
  ],
};

const CODE_QUALITY: Criterion = {
  core: ['modules', 'tests'],
  shares: [0.1, 0.22, 0.42, 0.62],
  deepForFive: 2,
  groups: [
    {
      name: 'modules',
      label: 'modular structure',
      phrases: `modular*, module*, separation of concerns, split into, divided into, organized into, organised into, kode dibagi, dibagi menjadi, dibagi ke, separated, separate layer*, layer*, layered, clean architecture, hexagonal, ports and adapters, adapter*, dependency injection, injected, single responsibility, service layer, repository pattern, interface, interfaces, decoupled, decoupling, folder structure, project structure, controllers, domain,
        terpisah, dipisahkan, memisahkan, modul, lapisan, pemisahan tanggung jawab, struktur folder, struktur proyek, antarmuka, injeksi dependensi, disuntikkan, arsitektur bersih, adaptor`,
    },
    {
      name: 'reuse',
      label: 'reusable parts',
      phrases: `reusable, reuse*, shared library, shared package*, abstraction*, composable, swapped, swappable, replaceable, pluggable, interchangeable, dapat digunakan kembali, dapat digunakan ulang, bisa dipakai ulang, dipakai ulang, digunakan ulang, abstraksi, dapat diganti, bisa diganti, mudah diganti, ditukar`,
    },
    {
      name: 'tests',
      label: 'tests',
      phrases: `unit test*, integration test*, end to end test*, e2e test*, test suite*, tests, test case*, tested, test coverage, jest, pytest, vitest, rspec, junit, mocha, phpunit, property based, contract test*, testcontainers, mocked, mocking, stubbed, tdd,
        pengujian unit, pengujian integrasi, pengujian otomatis, pengujian, uji unit, uji integrasi, tes unit, tes integrasi, kasus uji, cakupan pengujian, diuji, unit tes`,
    },
    {
      name: 'analysis',
      label: 'types, linting or formatting',
      phrases: `lint*, eslint, prettier, type check*, typed, type safe*, type hint*, strict mode, strict typescript, typescript strict, mypy, ruff, rubocop, static analysis, formatter, black, sonarqube, golangci, analisis statis, pemeriksaan tipe, tipe statis, bertipe`,
    },
    {
      name: 'review',
      label: 'continuous integration or review',
      phrases: `continuous integration, ci, ci cd, github actions, gitlab ci, code review*, pull request*, pre commit, integrasi berkelanjutan, tinjauan kode, commit hook*, conventional commits`,
    },
    {
      name: 'readability',
      label: 'readable code',
      phrases: `readable, clean code, naming, small functions, small files, refactor*, maintainab*, pure function*, solid principles, solid, docstring*, design pattern*, kode bersih, mudah dibaca, mudah dipelihara, mudah dirawat, penamaan, fungsi kecil, fungsi murni, prinsip solid, pola desain`,
    },
  ],
};

const RESILIENCE: Criterion = {
  core: ['retries', 'jobs'],
  shares: [0.1, 0.28, 0.46, 0.64],
  deepForFive: 4,
  groups: [
    {
      name: 'retries',
      label: 'retries',
      phrases: `retry, retries, retried, retrying, re try, re tried, attempt, attempts, coba ulang, percobaan ulang, mencoba ulang, dicoba ulang, dicoba lagi, mencoba lagi, mengulang panggilan, percobaan`,
    },
    {
      name: 'backoff',
      label: 'back-off',
      phrases: `backoff, back off, backs off, exponential*, jitter, retry after, eksponensial, mundur bertahap, jeda acak, jeda yang bertambah, jeda`,
    },
    {
      name: 'timeouts',
      label: 'timeouts',
      phrases: `timeout*, time out*, times out, deadline*, abort*, batas waktu, tenggat, kedaluwarsa, waktu habis`,
    },
    {
      name: 'jobs',
      label: 'long jobs in the background',
      phrases: `queue, queues, queued, worker, workers, background, asynchronous*, async, celery, bullmq, sidekiq, kafka, rabbitmq, sqs, job status, long running, polling, antrean, antrian, latar belakang, asinkron, pekerja, proses panjang`,
    },
    {
      name: 'randomness',
      label: 'control of randomness',
      phrases: `temperature, deterministic, determinism, nondeterminis*, non determinis*, randomness, random, seed, seeded, consistent, consistency, variance, self consistency, median of, keacakan, acak, konsisten, konsistensi, deterministik, nondeterministik, temperatur, suhu, variasi`,
    },
    {
      name: 'failures',
      label: 'failures of the model API',
      phrases: `rate limit*, 429, http 500, http 503, status 500, status 503, error 500, 5xx, circuit breaker*, fallback*, api failure*, api error*, outage*, provider fail*, model fails, llm fails, api fails, unavailable, fails over, failover, degrad*, batas laju, pembatasan laju, kegagalan api, kegagalan, api gagal, pemutus arus, penyedia gagal, cadangan`,
    },
    {
      name: 'recovery',
      label: 'recovery and idempotence',
      phrases: `idempoten*, dead letter*, crash, crashes, crashed, restart*, resume, resumes, recover*, duplicate*, redeliver*, at least once, exactly once, checkpoint*, rollback, transaction*, outbox, lease, stuck, health check*, graceful*, heartbeat, pemulihan, dipulihkan, duplikat, ganda, berhenti mendadak, dimulai ulang, dilanjutkan, transaksi`,
    },
    {
      name: 'errors',
      label: 'error handling and validation',
      phrases: `error handling, validat*, malformed, invalid json, broken json, invalid response*, schema, error message*, error code*, exception*, handled error*, failed with, failed state, marked as failed, status failed, edge case*, penanganan kesalahan, penanganan galat, penanganan error, validasi, divalidasi, memvalidasi, json rusak, json tidak valid, pesan kesalahan, kode kesalahan, ditandai gagal, status gagal, kasus tepi`,
    },
  ],
};

const DOCUMENTATION: Criterion = {
  core: ['setup', 'tradeoffs'],
  shares: [0.12, 0.32, 0.5, 0.68],
  deepForFive: 2,
  groups: [
    {
      name: 'readme',
      label: 'a README',
      phrases: `readme, documentation, documented, docs, dokumentasi, didokumentasikan`,
    },
    {
      name: 'setup',
      label: 'set-up',
      phrases: `setup, set up, installation, install, how to run, run locally, running locally, docker compose, docker compose up, npm install, pip install, make run, environment variable*, env example, env file, getting started, quick start, quickstart, one command, single command, cara menjalankan, instalasi, memasang, dijalankan dengan, jalankan, variabel lingkungan, panduan instalasi, satu perintah, langkah menjalankan`,
    },
    {
      name: 'api',
      label: 'API documentation or examples',
      phrases: `openapi, swagger, api documentation, api reference, postman collection, postman, example request*, example response*, curl, sample request*, examples, dokumentasi api, contoh permintaan, contoh request, contoh respons, koleksi postman`,
    },
    {
      name: 'architecture',
      label: 'how it is built',
      phrases: `diagram*, architecture, architectural, overview, data flow, sequence diagram, component*, how it works, arsitektur, alur data, alur kerja, gambaran umum, komponen, cara kerja`,
    },
    {
      name: 'tradeoffs',
      label: 'trade-offs and decisions',
      phrases: `trade off*, tradeoff*, chose, choose, chosen, choice*, decision*, decided, alternative*, instead of, rather than, considered, rejected, pros and cons, at the cost of, the cost is, preferred, kompromi, pertimbangan, mempertimbangkan, memilih, dipilih, pilihan, alternatif, dibandingkan, daripada, keputusan, memutuskan, konsekuensinya, kelebihan dan kekurangan`,
    },
    {
      name: 'reasons',
      label: 'reasons given',
      phrases: `because, so that, therefore, in order to, to avoid, to prevent, otherwise, which means, karena, sehingga, agar, supaya, untuk menghindari, untuk mencegah, oleh karena itu, jika tidak`,
    },
    {
      name: 'limits',
      label: 'limits and assumptions',
      phrases: `limitation*, limits of, known issue*, assumption*, assumed, future work, future improvement*, next steps, what i would, with more time, lessons learned, keterbatasan, asumsi, kekurangan, pengembangan selanjutnya, rencana pengembangan, jika ada waktu, pelajaran`,
    },
  ],
};

const CREATIVITY: Criterion = {
  core: [],
  shares: [0.06, 0.17, 0.3, 0.5],
  deepForFive: 3,
  groups: [
    {
      name: 'authentication',
      label: 'authentication',
      phrases: `authentication, authenticat*, login, jwt, oauth*, api key*, rbac, authorization, authorisation, access control, single sign on, autentikasi, otentikasi, otorisasi, kunci api, hak akses`,
    },
    {
      name: 'deployment',
      label: 'deployment',
      phrases: `deployed, deployment*, deploys, kubernetes, helm, terraform, cloud run, aws, gcp, azure, heroku, vercel, railway, fly io, hosted, live demo, docker image*, dockerized, dockerised, containerized, containerised, docker, dideploy, dirilis, kontainer, diterapkan di`,
    },
    {
      name: 'dashboard',
      label: 'a dashboard or interface',
      phrases: `dashboard*, web ui, ui, user interface, frontend, front end, admin panel, console, web app, dasbor, antarmuka web, antarmuka pengguna, halaman web`,
    },
    {
      name: 'observability',
      label: 'observability',
      phrases: `metrics, prometheus, grafana, tracing, traces, opentelemetry, structured log*, sentry, monitoring, langfuse, langsmith, alert*, pemantauan, metrik, log terstruktur, dipantau, pelacakan`,
    },
    {
      name: 'automation',
      label: 'automated delivery',
      phrases: `ci cd, github actions, gitlab ci, continuous deployment, continuous delivery, automated deployment, rilis otomatis`,
    },
    {
      name: 'live',
      label: 'live updates or notifications',
      phrases: `websocket*, sse, server sent events, webhook*, live updates, real time, realtime, notifi*, email, e mail, notifikasi, waktu nyata, surel`,
    },
    {
      name: 'evaluation',
      label: 'measuring cost or quality',
      phrases: `cost*, token usage, tokens, benchmark*, golden set, golden, evaluation set, a b test*, ablation, load test*, human rater*, labelled, labeled, calibrat*, compared against, biaya, uji beban, kalibrasi, dibandingkan dengan penilai, cache, cached, caching`,
    },
    {
      name: 'safety',
      label: 'fairness, privacy or safety',
      phrases: `prompt injection, injection, bias, biases, fairness, anonymi*, redact*, pii, privacy, personal data, moderation, injeksi prompt, privasi, data pribadi, anonimisasi, disamarkan, keadilan, bias penilaian`,
    },
    {
      name: 'reach',
      label: 'more than was asked',
      phrases: `beyond the requirement*, beyond the brief, beyond what, bonus, extra feature*, extra, ocr, multilingual, multi language, bilingual, batch upload*, batch, multi tenant, multiple providers, model comparison, ensemble, fitur tambahan, di luar persyaratan, tambahan, dwibahasa, multibahasa, beberapa bahasa, banyak berkas sekaligus`,
    },
  ],
};

export const CRITERIA: ReadonlyMap<string, Criterion> = new Map([
  ['correctness', CORRECTNESS],
  ['code_quality', CODE_QUALITY],
  ['resilience', RESILIENCE],
  ['documentation', DOCUMENTATION],
  ['creativity', CREATIVITY],
]);

/** Groups that a report shows by naming what it lacks. */
export const SHOWN_BY_DENIAL: ReadonlySet<string> = new Set(['limits']);

/** Words that go with a how or a why. */
export const DEPTH_WORDS = `because, so that, since, therefore, in order to, to avoid, to prevent, to keep, to make sure, to ensure, instead of, rather than, which means, otherwise, trade off*, tradeoff*, chose, at the cost, why, thus, hence, unless, even if, only if, if the, when the, when a,
  karena, sehingga, agar, supaya, untuk menghindari, untuk mencegah, untuk memastikan, daripada, dibandingkan, alih alih, akibatnya, oleh karena itu, dengan demikian, jika, apabila, bila, ketika, alasannya, kompromi, pertimbangan, memilih`;
