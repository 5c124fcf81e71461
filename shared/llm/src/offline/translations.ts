/**
 * Indonesian (and varying English) terms of CVs and engineering under one English word, so that a
 * text and its translation land near each other. `english: other ways to say it`. A term may be
 * several words; single words are stemmed before they are compared.
 */
export const TRANSLATIONS = `
database: basis data, pangkalan data, databases, db
queue: antrian, antrean, mengantre, enqueue
test: pengujian, menguji, uji, diuji, testing, tes, pengetesan
develop: mengembangkan, pengembangan, dikembangkan, pengembang, developer, developers, membangun, dibangun, build, built, building
engineer: insinyur, engineering, perekayasa, rekayasa
software: perangkat lunak, piranti lunak
experience: pengalaman, berpengalaman
work: kerja, bekerja, pekerjaan, job, jobs, pekerja
company: perusahaan, kantor
project: proyek, projek
team: tim, kelompok, regu
lead: memimpin, pemimpin, dipimpin, led, leading, leader, leadership, kepemimpinan
mentor: membimbing, pembimbing, bimbingan, mentoring, melatih, coaching
manage: mengelola, pengelolaan, kelola, management, manajemen, manager, manajer
increase: meningkatkan, peningkatan, meningkat, menaikkan, improve, improved, improving, improvement
reduce: mengurangi, pengurangan, menurunkan, penurunan, memangkas, berkurang, decrease, cut, lower
accelerate: mempercepat, percepatan, faster, speed, speeding
serve: melayani, layani, dilayani
service: layanan, pelayanan, servis, services
user: pengguna, pemakai, users
customer: pelanggan, konsumen, nasabah, client, klien
request: permintaan, permohonan, requests
response: respons, tanggapan, jawaban, response, answer, balasan
time: waktu, durasi
year: tahun, thn, years
month: bulan, bln
day: hari
hour: jam
minute: menit
second: detik, sekon
system: sistem
application: aplikasi, app, apps
candidate: kandidat, pelamar, calon, applicant, applicants
recruit: rekrutmen, merekrut, perekrutan, recruitment, hiring, hire, penerimaan
evaluate: mengevaluasi, evaluasi, penilaian, menilai, dinilai, evaluation, evaluator, assess, assessment
score: skor, nilai, scoring, penskoran, menskor
report: laporan, melaporkan, pelaporan
document: dokumen, documents, berkas
file: berkas file, fail
upload: unggah, mengunggah, diunggah, pengunggahan
result: hasil, menghasilkan, results, keluaran, output
process: memproses, pemrosesan, proses, diproses, mengolah, pengolahan
pipeline: alur, jalur pipa, pipelines
step: langkah, tahap, tahapan, stage, stages
search: pencarian, mencari, cari, retrieve, retrieval, pengambilan, temu kembali
vector: vektor, vectors
embedding: penyematan, embeddings
model: permodelan, models, pemodelan
language: bahasa
prompt: perintah, prompts, prompting
error: kesalahan, galat, eror, errors
failure: kegagalan, gagal, fail, failed, failing, failures
handle: menangani, penanganan, ditangani, handling
retry: mencoba ulang, coba ulang, percobaan ulang, diulang, retries, pengulangan
resilience: ketahanan, ketangguhan, tangguh, resilient, robust
code: kode, coding, kode sumber
structure: struktur, terstruktur, structured
module: modul, modular, modules
document_writing: dokumentasi, mendokumentasikan, documentation, didokumentasikan
explain: menjelaskan, penjelasan, dijelaskan, explanation
design: rancangan, merancang, perancangan, dirancang, desain, mendesain
architecture: arsitektur
deploy: penerapan, menerapkan, deployment, deployed, rilis, penggelaran
server: peladen, servers
cloud: awan, komputasi awan
network: jaringan
security: keamanan, aman, secure
authentication: autentikasi, otentikasi, login, masuk
authorization: otorisasi
performance: kinerja, performa, performansi
latency: latensi
memory: memori
storage: penyimpanan, menyimpan, disimpan, simpan, store, stored
data: datum
table: tabel
index: indeks, pengindeksan, indexing
cache: tembolok, caching, cached
message: pesan, messages
event: peristiwa, kejadian, events
background: latar belakang
asynchronous: asinkron, asinkronus, async
worker: pekerja latar, workers
distributed: terdistribusi, tersebar
scale: skala, skalabilitas, skalabel, scalability, scalable, scaling, berskala
automate: otomatis, mengotomatisasi, otomatisasi, automatic, automated, automation
integrate: mengintegrasikan, integrasi, terintegrasi, integration
analyze: menganalisis, analisis, analisa, analysis, analyst, analis
research: penelitian, riset, meneliti
study: belajar, mempelajari, pembelajaran, learn, learning, pelajari
teach: mengajar, pengajar, guru, dosen, lecturer, teacher
university: universitas, perguruan tinggi, kampus, institut, college
degree: gelar, sarjana, bachelor, ijazah
education: pendidikan
computer: komputer
informatics: informatika
science: ilmu, sains
skill: keahlian, keterampilan, kemampuan, kompetensi, skills, ability
communicate: berkomunikasi, komunikasi, communication
collaborate: berkolaborasi, kolaborasi, bekerja sama, kerja sama, kerjasama, collaboration, cooperate
responsible: bertanggung jawab, tanggung jawab, responsibility, responsibilities
achieve: mencapai, pencapaian, prestasi, achievement, achievements
goal: tujuan, sasaran, target, objective
product: produk, products
feature: fitur, fungsi, features
business: bisnis, usaha
market: pasar, pemasaran, marketing
sale: penjualan, menjual, sales, sell, sold
finance: keuangan, finansial, financial
accounting: akuntansi, akuntan, accountant
payment: pembayaran, membayar, pay, bayar
transaction: transaksi, transactions
order: pesanan, pemesanan, orders
price: harga
cost: biaya, ongkos, costs
money: uang, dana
quality: kualitas, mutu
create: membuat, pembuatan, dibuat, buat, make, made, making
use: menggunakan, penggunaan, digunakan, memakai, pakai, using, used, usage
write: menulis, penulisan, ditulis, tulis, written, wrote
read: membaca, baca, pembacaan
send: mengirim, pengiriman, dikirim, kirim, sent
receive: menerima, diterima, terima
run: menjalankan, dijalankan, berjalan, running
change: mengubah, perubahan, diubah, ubah
choose: memilih, pemilihan, dipilih, pilihan, choice, chosen, selected, selection
compare: membandingkan, perbandingan, dibandingkan, comparison
reason: alasan, sebab
limit: batas, pembatasan, batasan, limits
trade-off: kompromi, pertimbangan, tradeoff, tradeoffs
example: contoh, examples
context: konteks
information: informasi
knowledge: pengetahuan
requirement: kebutuhan, persyaratan, syarat, requirements
remote: jarak jauh
employee: karyawan, pegawai, staf, staff
position: jabatan, posisi, role, peran
intern: magang, pemagang, internship
organization: organisasi, organisation
community: komunitas, masyarakat
volunteer: relawan, sukarela, sukarelawan, volunteering
training: pelatihan, kursus, course
certificate: sertifikat, sertifikasi, certification, certifications
present: mempresentasikan, presentasi, presentation
discuss: berdiskusi, diskusi, discussion
meeting: rapat, pertemuan
kitchen: dapur
cook: memasak, masakan, juru masak, koki, chef, cooking
bread: roti
cake: kue, cakes, pastry
food: makanan
drink: minuman, beverage
hospital: rumah sakit
health: kesehatan, sehat
patient: pasien
law: hukum, legal
school: sekolah
student: siswa, mahasiswa, pelajar, students
child: anak, children
store_shop: toko, shop
warehouse: gudang
goods: barang
machine: mesin
vehicle: kendaraan, mobil, car
new: baru
good: baik, bagus
fast: cepat
large: besar, big
small: kecil
number: jumlah, angka
average: rata rata
percent: persen
million: juta
thousand: ribu
web: situs, laman, website
page: halaman
image: gambar, citra, picture
text: teks
random: acak, randomness, keacakan
repeat: berulang
strategy: strategi
monitor: pemantauan, memantau, monitoring, dipantau
`;

/** Words that carry no meaning of their own, both languages. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a an the and or of to in on at by for from with as is are was were be been being it its this that these those there here i my me we our us you your he
  his she her they their them who whom which what when where how why not no nor so than then too very can could will would shall should may might must do does did
  done have has had having if but about into over under up down out off again more most some such only own same other each both all any per via etc also
  s t re ve ll d m
  yang dan atau di ke dari dengan untuk pada dalam adalah itu ini tersebut sebagai oleh karena agar supaya serta juga akan telah sudah sedang masih bisa dapat
  saya aku kami kita anda dia mereka nya para suatu sebuah seorang setiap tiap antara hingga sampai secara bagi tentang tidak bukan belum jika bila maka
  namun tetapi tapi lebih sangat sekali saat ketika oleh hal yaitu yakni ada seperti atas bawah lain lainnya dll dsb pun lah kah ber per se`
    .split(/\s+/)
    .filter((word) => word !== ''),
);
