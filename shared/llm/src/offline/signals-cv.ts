import type { SignalGroup } from './signals.ts';

/** Verbs that say that something changed because of the candidate. */
export const IMPACT_VERBS = `reduc*, cut, cuts, cutting, improv*, increas*, decreas*, accelerat*, sped up, speed up, speeding up, faster, optimi*, scal*, grew, grow, boost*,
  sav*, lower*, doubl*, tripl*, halv*, achiev*, deliver*, serv*, handl*, process*, migrat*, launch*, automat*, eliminat*, shorten*, generat*,
  reach*, onboard*, brought, bringing, rais*, drove, driv*, support*, maintain*, sustain*, built, build, develop*, shipped, attract*, adopt*, used by, won, sold, trimmed, slashed,
  dropp*, from, kept, keeping, enabl*, designed, led, rewrote, refactor*, tuned,
  meningkatkan, meningkat, peningkatan, mengurangi, pengurangan, menurunkan, penurunan, mempercepat, percepatan, menghemat, penghematan, memangkas, melayani, menangani, memproses, menaikkan,
  mengoptimalkan, mengoptimasi, mengotomatisasi, mengotomatiskan, mencapai, menghasilkan, menggandakan, memperbaiki, mengefisienkan,
  membangun, mengembangkan, merilis, memigrasikan, menskalakan, menurun, turun, naik, mempersingkat, menjaga, mempertahankan, dipakai, digunakan, menjual,
  melipatgandakan, memimpin, merancang, menekan, dari, mendukung, menyelesaikan`;

/**
 * What software changes when it gets better: ties an undated outcome to the work. Words of every
 * trade ("service", "system", "orders") are left out.
 */
export const SOFTWARE_WORDS = `api, apis, latency, latensi, server, servers, database, databases, basis data, deployment, deployments, deploy time, query, queries, kueri, backend,
  throughput, uptime, downtime, response time, response times, waktu respons, waktu respon, waktu muat, load time, page load,
  software, web application*, web app*, mobile app*, aplikasi, build time, builds, test coverage, cakupan pengujian,
  bug, bugs, infrastructure cost*, cloud, website, microservice*, cache*, code, kode, cpu, p95, p99, embedding*, endpoint*, error rate, requests per second, rps`;

export const COLLABORATION: readonly SignalGroup[] = [
  {
    name: 'communication',
    label: 'communication',
    phrases: `presented, presenting, gave talks, gave a talk, spoke at, speaker at, public speaking, wrote documentation, wrote docs, documented, documentation for, technical writing, wrote guides, wrote a guide,
      wrote runbook*, blog, articles, stakeholder*, reported to, explained, briefed, translated requirements, gathered requirements, demo to, demoed, weekly updates, newsletter, rfc, rfcs, design docs, design documents, decision records,
      mempresentasikan, presentasi, menjadi pembicara, pembicara, menulis dokumentasi, mendokumentasikan, menyusun dokumentasi, menjelaskan, berdiskusi, melaporkan, menulis artikel, menulis panduan, menyampaikan, pemangku kepentingan, notulen, berkomunikasi dengan`,
  },
  {
    name: 'teamwork',
    label: 'teamwork',
    phrases: `collaborated, collaborating, collaborate with, worked with, working with product, worked closely, work closely, working closely, cross functional, cross team, pair programming, paired with, pairing with, code review*, reviewed code, reviewed pull requests,
      reviewing pull requests, peer review, scrum, agile, sprint*, standup*, stand ups, retrospective*, partnered with, together with, coordinated, coordinating, team of, teams of, joint,
      berkolaborasi, bekerja sama, bekerjasama, kerja sama, kolaborasi, lintas fungsi, lintas tim, lintas divisi, bersama tim, berkoordinasi, mengoordinasikan, mengkoordinasikan, meninjau kode, mereview kode, review kode, tinjauan kode, dalam tim, retrospektif`,
  },
  {
    name: 'leadership',
    label: 'leadership',
    phrases: `led, leading a, leading the, lead a, lead the, managed a team, managing a team, managed team, managed engineers, headed, supervised, supervising, organized, organised, organizing, organising, founded, co founded, chaired, chair of, president of, vice president of, coordinator,
      tech lead, team lead, captain, spearheaded, directed, in charge of, ran the, ran a, scrum master,
      memimpin, mengetuai, ketua, wakil ketua, koordinator, mengelola tim, membawahi, mengawasi, mengorganisasi, mengorganisir, menginisiasi, pendiri, mendirikan, penanggung jawab, kepala`,
  },
  {
    name: 'mentoring',
    label: 'mentoring and teaching',
    phrases: `mentored, mentoring, mentor, mentors, coached, coaching, trained, training new, train new, taught, teaching assistant, teaching, tutor, tutored, onboarded, onboarding new, onboarding of, onboarding guide*, guided, workshop*, ran trainings, knowledge sharing, brown bag, internal talk*, interns,
      membimbing, bimbingan, mentor bagi, melatih, mengajar, mengajari, mendampingi, asisten dosen, asisten praktikum, tutor sebaya, pelatih, berbagi pengetahuan, berbagi ilmu, lokakarya, anak magang, karyawan baru`,
  },
  {
    name: 'learning',
    label: 'learning',
    phrases: `certified, certification*, completed a course, completed course*, completed the, bootcamp, self taught, learned, learnt, learning new, taught myself, attended, conference*, meetup*, hackathon*, studied, nanodegree, online course*, upskill*, book club, reading group,
      bersertifikat, sertifikasi, sertifikat, mengikuti pelatihan, mengikuti kursus, menyelesaikan kursus, menyelesaikan pelatihan, otodidak, mempelajari, belajar mandiri, mengikuti konferensi, mengikuti seminar, mengikuti program, konferensi, seminar, kelas daring, pelatihan`,
  },
  {
    name: 'community',
    label: 'community work',
    phrases: `volunteer, volunteered, volunteering, open source, contributor, contributed to, maintainer, community, non profit, charity, organizing committee, committee, student association, student union,
      relawan, sukarelawan, kerelawanan, komunitas, berkontribusi, kontributor, panitia, himpunan mahasiswa, badan eksekutif, organisasi mahasiswa, bakti sosial, karang taruna`,
  },
];

/** Said of oneself: worth little until something shows it. */
export const BARE_CLAIMS = `team player, good communication, excellent communication, strong communication, communication skills, fast learner, quick learner, hard working, hardworking, adaptable,
  good teamwork, leadership skills, self motivated, highly motivated, good attitude, works well, interpersonal skills, problem solver,
  mampu bekerja dalam tim, dapat bekerja dalam tim, bisa bekerja dalam tim, mampu bekerja sama, komunikasi yang baik, komunikasi baik, cepat belajar, mudah beradaptasi, pekerja keras, jujur, disiplin, bertanggung jawab, kemampuan komunikasi, jiwa kepemimpinan, motivasi tinggi`;
