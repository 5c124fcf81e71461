import { phraseList } from './phrases.ts';

export type Section =
  | 'experience'
  | 'education'
  | 'skills'
  | 'projects'
  | 'organisation'
  | 'training'
  | 'achievements'
  | 'summary'
  | 'languages'
  | 'interests'
  | 'planned'
  | 'other'
  /** No heading so far. */
  | 'none';

const HEADINGS: Record<Exclude<Section, 'none' | 'other'>, string> = {
  experience: `experience, work experience, working experience, professional experience, employment, employment history,
    work history, career, career history, career summary, relevant experience, job experience, industry experience,
    internship, internships, internship experience, freelance, freelance experience, work, positions,
    pengalaman, pengalaman kerja, pengalaman bekerja, pengalaman profesional, riwayat pekerjaan, riwayat kerja, riwayat karier,
    riwayat karir, karier, karir, pekerjaan, magang, pengalaman magang, perjalanan karier, perjalanan karir`,
  education: `education, educational background, education background, academic background, academics, academic history,
    academic qualifications, formal education, qualifications, schooling, studies,
    pendidikan, riwayat pendidikan, latar belakang pendidikan, pendidikan formal, pendidikan terakhir, studi`,
  skills: `skills, technical skills, skill, skill set, skillset, core skills, key skills, hard skills, soft skills, core competencies,
    competencies, technologies, tech stack, technology stack, technical stack, stack, tools, tools and technologies, technical expertise,
    expertise, areas of expertise, technical proficiency, keywords, keyword, programming languages, skills and tools, skills and technologies,
    keahlian, keterampilan, kemampuan, kompetensi, keahlian teknis, kemampuan teknis, keterampilan teknis, teknologi,
    kata kunci, teknologi yang dikuasai, kemampuan dan keahlian, keahlian dan keterampilan, bahasa pemrograman`,
  projects: `projects, project, personal projects, side projects, selected projects, key projects, notable projects, project experience,
    portfolio, open source, open source projects, open source contributions, academic projects,
    proyek, proyek pribadi, pengalaman proyek, portofolio, proyek terpilih, karya, kontribusi open source`,
  organisation: `organization, organisation, organizations, organisations, organizational experience, organisational experience,
    volunteer, volunteering, volunteer experience, community, community involvement, extracurricular, extracurricular activities,
    activities, leadership, leadership experience, organisasi, pengalaman organisasi, riwayat organisasi, kegiatan, komunitas,
    relawan, kegiatan sukarela, kepanitiaan, talks, speaking, conferences, pembicara`,
  training: `certifications, certification, certificates, licenses and certifications, courses, training, trainings, bootcamp,
    professional development, sertifikasi, sertifikat, pelatihan, kursus, pelatihan dan sertifikasi, pendidikan nonformal,
    pendidikan non formal, seminar, learning, self learning, continuous learning, pembelajaran, belajar mandiri`,
  achievements: `achievements, achievement, accomplishments, key achievements, awards, honors, honours, awards and honors, highlights,
    prestasi, pencapaian, penghargaan, pencapaian utama`,
  summary: `summary, professional summary, profile, about, about me, objective, career objective, overview, introduction,
    ringkasan, ringkasan profesional, profil, tentang saya, tentang, ikhtisar, tujuan karier, tujuan karir, deskripsi diri`,
  languages: `languages, language, language skills, bahasa, kemampuan bahasa, bahasa yang dikuasai`,
  interests: `interests, hobbies, hobbies and interests, minat, hobi, minat dan hobi, references, referensi, contact, kontak,
    personal details, personal information, data diri, data pribadi, publications, publikasi, additional information, other information,
    other, others, miscellaneous, career break, career breaks, lain lain, informasi tambahan, jeda karier, jeda karir`,
  planned: `future work, future improvements, future plans, future development, next steps, planned, planned features, planned work,
    planned improvements, roadmap, todo, to do, not implemented, not done, not yet done, not yet implemented, what is missing, what s missing, missing, limitations and future work,
    what i would do next, what i would improve, possible improvements, want to learn, learning goals, currently want to learn,
    rencana, rencana pengembangan, rencana selanjutnya, pengembangan selanjutnya, pengembangan lanjutan, saran pengembangan,
    saran, belum selesai, belum diimplementasikan, belum dikerjakan, yang belum dikerjakan, ingin dipelajari, langkah selanjutnya`,
};

const SECTION_BY_HEADING = new Map<string, Section>(
  Object.entries(HEADINGS).flatMap(([section, written]) =>
    phraseList(written.replace(/\s+/g, ' ')).map(
      (heading) => [heading, section as Section] as const,
    ),
  ),
);

const LONGEST_HEADING = 60;

/** "Main activities and responsibilities" is a label inside of one employment, and opens no section. */
const DUTIES = /\b(?:responsibilit(?:y|ies)|duties|tanggung jawab|tugas)$/;

/** The section that a line opens, if it is a heading, and `other` for a heading of another kind. */
export function sectionOfHeading(line: string): Section | undefined {
  const trimmed = line.trim();
  if (trimmed.length === 0 || trimmed.length > LONGEST_HEADING) return undefined;
  const name = headingName(trimmed);
  if (name === '') return undefined;
  const known = SECTION_BY_HEADING.get(name);
  if (known !== undefined) return known;
  if (DUTIES.test(name)) return undefined;
  const halves = name.split(/ and | dan | atau | or /);
  const first = SECTION_BY_HEADING.get(halves[0]?.trim() ?? '');
  if (halves.length > 1 && first !== undefined && halves.length <= 3) return first;
  return isMarkedHeading(trimmed) ? 'other' : undefined;
}

/** The section a label at the start of a line puts that line alone in: `Skills: Go, Python`. */
export function sectionOfLabel(line: string): Section | undefined {
  const colon = line.indexOf(':');
  if (colon < 3 || colon > 40) return undefined;
  const section = SECTION_BY_HEADING.get(headingName(line.slice(0, colon)));
  return section === 'experience' || section === 'projects' ? undefined : section;
}

function headingName(line: string): string {
  return line
    .toLowerCase()
    .replace(/^[#*\s]+|^\d{1,2}(?:\.\d{1,2})?[.)]?\s+|^[ivx]{1,4}\.\s+/g, '')
    .replace(/[&/]/g, ' and ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Marked as a heading by its form: Markdown, or all capitals in a few words, or a number before a few words. */
function isMarkedHeading(line: string): boolean {
  if (/^#{1,6}\s/.test(line)) return true;
  const words = line.split(/\s+/);
  if (words.length > 7 || /[.,;!?]$/.test(line)) return false;
  if (/^\d{1,2}(?:\.\d{1,2})?[.)]?\s+[\p{Lu}]/u.test(line)) return !/\d{4}/.test(line);
  const letters = line.replace(/[^\p{L}]/gu, '');
  return (
    words.length >= 2 &&
    letters.length >= 8 &&
    letters === letters.toUpperCase() &&
    !/\d{4}|,/.test(line)
  );
}
