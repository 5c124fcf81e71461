/** As a PDF's text comes: lines broken mid-sentence, pages marked. Invented people. */
export const STAFF_ENGINEER = `[page 1]
SUMMARY
Staff engineer for payment and search platforms. I build backend systems and, for the last two years, the language model
features on top of them.

EXPERIENCE
Staff Software Engineer, Ombak Logistics
March 2021 - Present
• Led the move of the dispatch monolith to Go and Python microservices on AWS (ECS, SQS), cutting deploy time from 50
minutes to 6 minutes.
• Built a retrieval service over pgvector with OpenAI embeddings so that support agents find answers; it answers 40,000
requests a day.
• Reduced p95 latency of the quote API from 900 ms to 210 ms by adding Redis caching and rewriting PostgreSQL queries.
• Mentored four engineers, two of whom now lead their own teams.
Senior Backend Engineer, Kincir Pay
Jun 2017 – Feb 2021
• Designed REST APIs in Django for 1.2 million users and introduced Celery workers for settlement files.
• Increased payment success rate by 35% with retries and idempotent endpoints.
• Wrote runbooks and ran the weekly architecture review with product and operations.
[page 2]
PROJECTS
Prompt regression suite: a Python tool that runs prompts against several LLM APIs and compares the answers.

EDUCATION
Bachelor of Computer Science, Universitas Gunung, 2012 - 2016

SKILLS
Python, Go, Node.js, PostgreSQL, MongoDB, Redis, Kafka, Docker, Kubernetes, AWS, Terraform
`;

export const STAFF_ENGINEER_INDONESIAN = `[page 1]
RINGKASAN
Staff engineer untuk platform pembayaran dan pencarian. Saya membangun sistem backend dan, dua tahun terakhir, fitur model
bahasa di atasnya.

PENGALAMAN KERJA
Staff Software Engineer, Ombak Logistics
Maret 2021 - Sekarang
• Memimpin pemindahan monolit pengiriman ke microservice Go dan Python di AWS (ECS, SQS), memangkas waktu rilis dari 50
menit menjadi 6 menit.
• Membangun layanan pencarian dengan pgvector dan embedding OpenAI agar agen menemukan jawaban; layanan ini menjawab
40.000 permintaan per hari.
• Menurunkan latensi p95 API penawaran dari 900 ms menjadi 210 ms dengan cache Redis dan penulisan ulang kueri PostgreSQL.
• Membimbing empat engineer, dua di antaranya kini memimpin tim sendiri.
Senior Backend Engineer, Kincir Pay
Jun 2017 – Feb 2021
• Merancang REST API dengan Django untuk 1,2 juta pengguna dan memperkenalkan worker Celery untuk berkas penyelesaian.
• Meningkatkan tingkat keberhasilan pembayaran sebesar 35% dengan retry dan endpoint idempoten.
• Menulis panduan operasional dan menjalankan tinjauan arsitektur mingguan bersama tim produk dan operasional.
[page 2]
PROYEK
Prompt regression suite: alat Python yang menjalankan prompt pada beberapa API LLM dan membandingkan jawabannya.

PENDIDIKAN
Sarjana Ilmu Komputer, Universitas Gunung, 2012 - 2016

KEAHLIAN
Python, Go, Node.js, PostgreSQL, MongoDB, Redis, Kafka, Docker, Kubernetes, AWS, Terraform
`;

export const MIDDLE_ENGINEER = `[page 1]
Work Experience
Backend Developer at Warung Digital | 08/2023 – now
- Develop and maintain REST APIs with Laravel and MySQL for the cashier application.
- Reduced report generation from 40 seconds to 12 seconds.
- Work closely with the mobile team and review pull requests.
Junior Programmer at CV Teknik Maju | 01/2022 – 07/2023
- Built internal tools with PHP and jQuery.
- Helped deploy the company website to a VPS.
Education
Diploma in Informatics, Politeknik Negeri, 2018 – 2021
Skills
PHP, Laravel, JavaScript, MySQL, Git, Docker (basic)
I want to learn Kubernetes and machine learning.
`;

export const MIDDLE_ENGINEER_INDONESIAN = `[page 1]
Pengalaman Kerja
Backend Developer di Warung Digital | 08/2023 – kini
- Mengembangkan dan memelihara REST API dengan Laravel dan MySQL untuk aplikasi kasir.
- Mempercepat pembuatan laporan dari 40 detik menjadi 12 detik.
- Bekerja sama dengan tim mobile dan meninjau kode rekan.
Programmer Junior di CV Teknik Maju | 01/2022 – 07/2023
- Membangun alat internal dengan PHP dan jQuery.
- Membantu memasang situs perusahaan di VPS.
Pendidikan
Diploma Informatika, Politeknik Negeri, 2018 – 2021
Keahlian
PHP, Laravel, JavaScript, MySQL, Git, Docker (dasar)
Saya ingin belajar Kubernetes dan machine learning.
`;

export const FRESH_GRADUATE = `[page 1]
Profile
Hard working fresh graduate, team player and fast learner.
Education
Bachelor of Informatics, Universitas Samudra
2021 – 2025, GPA 3.61
Internship
IT Intern, Koperasi Desa
Jul 2024 – Sep 2024
- Entered member data and made a simple web page with HTML and CSS.
Skills
Java, MySQL, Microsoft Office
Organization
Member of the student association, 2022 – 2023
`;

export const FRONTEND_ENGINEER = `[page 1]
Experience
Frontend Engineer, Studio Layar (Feb 2020 - Dec 2024)
* Built a design system in React and TypeScript used by nine product teams.
* Cut the bundle by 45% and improved page load time by 1.8x.
* Presented accessibility findings to stakeholders every month.
Skills: React, Vue, CSS, Figma, Jest
Languages: Indonesian, English
`;

export const PASTRY_CHEF = `[page 1]
PROFILE
Pastry chef who express herself through seasonal desserts. Based in East Java, ready to go anywhere.

EXPERIENCE
Head Pastry Chef, Hotel Kencana
2016 – present
• Lead a kitchen team of 8 and trained twelve junior bakers.
• Sold 30% more croissants after a new spring menu and reduced food waste by 25%.
• Coordinated with the banquet team for events of 900 guests.
Baker, Toko Roti Lestari
2012 – 2016
• Prepared 400 loaves a day; in charge of ordering.
• Presented new recipes to the owner every week.

EDUCATION
Diploma in Culinary Arts, Akademi Boga, 2009 – 2012
SKILLS
Chocolate tempering, laminated dough, food safety, cake design, vitamin C bread improvers
`;

/** Every technology the job names, in a list and nowhere else. */
export const KEYWORD_LIST = `[page 1]
Skills
Python, Go, Node.js, Java, Django, FastAPI, Express, Spring, PostgreSQL, MySQL, MongoDB, Redis, REST API, AWS, GCP, Azure, Docker, LLM APIs, embeddings, prompt engineering
Experience
Cashier, Minimarket Sejahtera, 2019 – 2024
- Served customers and counted the till.
`;

/** Dates in many forms, with an overlap, a school and another trade. */
export const DATES_CV = `[page 1]
Riwayat Pekerjaan
Software Engineer – PT Angin Timur, Agustus 2020 s.d. kini
Mengembangkan layanan Node.js dan PostgreSQL.
Programmer lepas
Januari 2019 - Desember 2020
Membuat API dengan Express dan MongoDB untuk beberapa klien.
Barista – Kedai Pagi
2013 sampai 2015
Menyeduh kopi dan melayani pelanggan.
Pendidikan
Sarjana Teknik Informatika, Institut Teknologi Pesisir
2014 – 2018
`;
