export const STRONG_REPORT = `[page 1]
Applicant Screening Service
1. Overview
The service takes a CV and a report through POST /upload, starts an evaluation with POST /evaluate, and answers GET /result/{id}
with queued, processing or completed. A worker does everything that is slow, so that the API stays fast.
2. Retrieval
The job description, the brief and both rubrics are cut into chunks of 400 tokens with 60 tokens of overlap, embedded, and kept in
Qdrant. For each prompt the top 5 chunks are retrieved, because longer context made the scores drift.
3. Prompts and chaining
Three calls are chained: the CV call, the project call, and a final call for the synthesis. Each system prompt carries the rubric and
asks for JSON by a schema; reasons come before the score so that the model argues first.
Answers are validated with zod, and every quote must be found again in the document, otherwise the parameter is scored again.
The weighted scores are computed in code rather than by the model.
4. Resilience
Calls are retried three times with exponential back-off and jitter; a 429 waits for the Retry-After of the provider.
Every call has a timeout of 30 seconds, and a circuit breaker opens after five failures so that the queue pauses instead of burning
retries.
Jobs live in a BullMQ queue; ids are idempotent, so a job that is delivered twice after a crash gives one result.
Temperature is 0 and the seed is fixed, and the variance over ten runs was below 0.2 points.
Malformed JSON leads to one repair attempt, then the job is marked as failed with an error code.
[page 2]
5. Code and tests
The code is split into modules: routes, a scoring domain without I/O, and adapters for the model and the index that can be swapped.
There are 84 unit tests and 12 integration tests that run the pipeline against a fake model; coverage is 91%.
Strict TypeScript, ESLint and GitHub Actions keep it clean on every pull request.
Reusable prompt building blocks live in their own package because both evaluators need them.
6. How to run
Copy the env file and run docker compose up; the README walks through a first evaluation with curl examples and an OpenAPI page.
A sequence diagram shows the flow of one evaluation.
7. Decisions and trade-offs
I chose Qdrant instead of pgvector because filters by document version were simpler; the cost is one more container.
Limitations: scanned PDFs are read with OCR only in English.
8. Extras
API keys protect the endpoints, and a small dashboard shows running jobs, their cost and token usage.
It is deployed on Cloud Run, with Prometheus metrics and Grafana alerts when the queue grows.
Instructions found inside documents are treated as prompt injection and removed before the prompt is built.
`;

export const STRONG_REPORT_INDONESIAN = `[page 1]
Layanan Penyaringan Pelamar
1. Gambaran umum
Layanan menerima CV dan laporan lewat POST /upload, memulai evaluasi dengan POST /evaluate, dan menjawab GET /result/{id} dengan
status queued, processing atau completed. Worker mengerjakan semua yang lambat agar API tetap cepat.
2. Pencarian konteks
Deskripsi pekerjaan, brief dan kedua rubrik dipotong menjadi potongan 400 token dengan tumpang tindih 60 token, dibuat embedding-nya, lalu
disimpan di Qdrant. Untuk setiap prompt diambil 5 potongan teratas, karena konteks yang lebih panjang membuat skor bergeser.
3. Prompt dan rantai panggilan
Tiga panggilan dirangkai: panggilan CV, panggilan proyek, dan panggilan terakhir untuk sintesis. Setiap system prompt memuat rubrik dan
meminta JSON menurut skema; alasan ditulis sebelum skor agar model berargumen lebih dahulu.
Jawaban divalidasi dengan zod, dan setiap kutipan harus ditemukan lagi dalam dokumen, jika tidak parameter dinilai ulang.
Skor berbobot dihitung oleh kode, bukan oleh model.
4. Ketahanan
Panggilan dicoba ulang tiga kali dengan jeda eksponensial dan jitter; 429 menunggu Retry-After dari penyedia.
Setiap panggilan punya batas waktu 30 detik, dan circuit breaker terbuka setelah lima kegagalan sehingga antrean berhenti sejenak.
Pekerjaan berada dalam antrean BullMQ; id bersifat idempoten, sehingga pekerjaan yang terkirim dua kali setelah crash memberi satu hasil.
Temperatur 0 dan seed tetap, dan variasi pada sepuluh kali jalan di bawah 0,2 poin.
JSON rusak mendapat satu kali perbaikan, lalu pekerjaan ditandai gagal dengan kode kesalahan.
[page 2]
5. Kode dan pengujian
Kode dipisahkan menjadi modul: rute, domain penilaian tanpa I/O, dan adaptor untuk model dan indeks yang dapat diganti.
Ada 84 pengujian unit dan 12 pengujian integrasi yang menjalankan pipeline dengan model tiruan; cakupan pengujian 91%.
TypeScript yang strict, ESLint dan GitHub Actions menjaganya bersih pada setiap pull request.
Bagian penyusun prompt dapat digunakan ulang dan berada di paket sendiri karena kedua evaluator membutuhkannya.
6. Cara menjalankan
Salin berkas env dan jalankan docker compose up; README menuntun evaluasi pertama dengan contoh permintaan curl dan halaman OpenAPI.
Sebuah diagram urutan memperlihatkan alur satu evaluasi.
7. Keputusan dan pertimbangan
Saya memilih Qdrant daripada pgvector karena penyaringan menurut versi dokumen lebih sederhana; konsekuensinya satu kontainer lagi.
Keterbatasan: PDF hasil pindai dibaca dengan OCR hanya dalam bahasa Inggris.
8. Tambahan
Kunci API melindungi endpoint, dan dasbor kecil menampilkan pekerjaan yang berjalan, biaya dan pemakaian token.
Layanan dideploy di Cloud Run, dengan metrik Prometheus dan alert Grafana ketika antrean membesar.
Perintah di dalam dokumen dianggap injeksi prompt dan dibuang sebelum prompt disusun.
`;

export const MIDDLING_REPORT = `[page 1]
CV Evaluator API
I made an Express API with the three endpoints. The PDF is parsed and sent to the OpenAI API with a prompt that contains the job
description and the rubric. The model returns a score per parameter.
The job description is stored in ChromaDB and the closest text is retrieved by embedding.
First the CV is evaluated, then the project, and a second call writes the final summary.
If the OpenAI call fails it is retried twice. Evaluation runs in the background with a simple queue in memory.
The code is separated into controllers and services.
To run it: npm install, then npm start. Environment variables are in the README.
Future work
- Unit tests
- Authentication and a dashboard
- Docker deployment
`;

export const WEAK_REPORT = `[page 1]
Project report
I made a server that receives two files and saves them in a folder. It then sends a prompt to ChatGPT and shows the answer.
There are no tests. Retry is not implemented. RAG belum diimplementasikan.
Deployment is planned.
`;

export const BAKERY_REPORT = `[page 1]
Renovation of the bakery on Jalan Melati
README: this document explains the set-up of the ovens and the trade-offs between gas and electric ones.
We ran taste tests with 40 customers because the dough behaved differently in the new oven, and the tests were documented.
The modular shelves can be reused. When an oven fails we retry the batch after 20 minutes.
A dashboard in the kitchen shows the queue of orders. The chain of suppliers was reviewed, and staff were prompt.
We chose electric ovens instead of gas because the gas line was far; the cost was 40 million rupiah.
`;

export const GAME_REPORT = `[page 1]
Tilt Maze, a mobile game
The game is written in Kotlin with a clean, modular architecture: rendering, physics and levels are separate modules.
There are 120 unit tests for the physics because rounding errors made the ball leave the maze.
The README explains how to run the game in an emulator, and why I chose fixed time steps instead of variable ones.
Levels are loaded in the background with a timeout of 2 seconds, and a failed download is retried three times.
`;
