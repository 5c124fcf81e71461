import { describe, expect, it } from '@jest/globals';

import { readDocument } from './document.ts';
import { findAffirmedSkills } from './skills.ts';

const namesIn = (text: string): string[] =>
  readDocument(text).statements.flatMap((statement) =>
    findAffirmedSkills(statement).map(({ value }) => value.name),
  );

describe('the skills a text shows', () => {
  it.each([
    ['Services in Go and PostgreSQL', ['Go', 'PostgreSQL']],
    ['Languages: Go, Rust, C, R', ['Go', 'Rust', 'C', 'R']],
    ['Backend services written in Rust', ['backend', 'Rust']],
    ['Java developer with Spring Boot', ['Java', 'Spring']],
    ['node, express, mongodb', ['Node.js', 'Express', 'MongoDB']],
    ['Node.js/Express.js, C#, C++', ['Node.js', 'Express', 'C#', 'C++']],
    ['Built with Rails and Ruby', ['Ruby on Rails', 'Ruby']],
    ['Membangun layanan dengan Golang dan basis data MySQL', ['Go', 'databases', 'MySQL']],
  ])('reads %s', (text, names) => {
    expect(namesIn(text)).toEqual(names);
  });

  it.each([
    'Ready to go anywhere in East Java',
    'Ran the spring break camp and express delivery desk',
    'Go to market planning with R&D',
    'Grade C in chemistry, vitamin C research',
    'Removed rust from guard rails',
    'We react quickly and take a rest',
    'Head chef; prompt service; the rest of the node',
    'Spring 2020',
    'Masinis di Kereta Api Nusantara',
    'Bongkar muat kontainer di pelabuhan',
  ])('reads no technology into %s', (text) => {
    expect(namesIn(text)).toEqual([]);
  });

  it.each([
    'No experience with Kubernetes or Terraform.',
    'I want to learn Docker and Kafka.',
    'Belum pernah memakai Redis.',
    'Saya ingin belajar TensorFlow.',
    'Docker: not yet',
  ])('gives no credit for %s', (text) => {
    expect(namesIn(text)).toEqual([]);
  });

  it('stops a negation where the clause turns', () => {
    expect(namesIn('Belum pernah memakai Redis, tetapi menguasai PostgreSQL.')).toEqual([
      'PostgreSQL',
    ]);
    expect(namesIn('Not only Docker but also Kubernetes.')).toEqual(['Docker', 'Kubernetes']);
  });
});
