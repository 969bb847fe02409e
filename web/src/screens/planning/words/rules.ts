/** Names of the verifier's rules; a rule without a name here shows its own. */
import { words } from '$lib/i18n/language.svelte';

const id = {
  capacity: 'Muatan tim',
  one_kecamatan: 'Satu kecamatan',
  one_desa: 'Satu desa',
  one_class: 'Satu kelas',
  beat_travel_limit: 'Batas tempuh beat',
  dangerous_first: 'Yang paling rawan didahulukan',
  anchor_inside: 'TPS induk di dalam beat',
  tps_once: 'Setiap TPS satu kali',
  tps_accounted: 'Setiap TPS tercatat',
  team_once: 'Setiap tim satu kali',
  team_known: 'Tim dikenal',
  team_size: 'Jumlah anggota tim',
  team_agrees: 'Tim dan beat cocok',
  leader: 'Ketua tim',
  person_once: 'Setiap orang satu kali',
  person_known: 'Orang dikenal',
  person_free: 'Orang tersedia',
  own_post: 'Pos sendiri',
  post_known: 'Pos dikenal',
  home_desa: 'Tidak di desa sendiri',
  transport: 'Kendaraan',
  duty_hours: 'Jam tugas',
  padal: 'Padal setiap kecamatan',
  spares: 'Cadangan',
  reserve: 'Cadangan Polres',
  same_inputs: 'Data masukan sama',
};

const en: Record<keyof typeof id, string> = {
  capacity: 'Load of a team',
  one_kecamatan: 'One kecamatan',
  one_desa: 'One desa',
  one_class: 'One class',
  beat_travel_limit: 'Limit of travel in a beat',
  dangerous_first: 'The most vulnerable first',
  anchor_inside: 'Anchor inside its beat',
  tps_once: 'Every TPS once',
  tps_accounted: 'Every TPS accounted for',
  team_once: 'Every team once',
  team_known: 'Team is known',
  team_size: 'Size of a team',
  team_agrees: 'Team and beat agree',
  leader: 'Leader of a team',
  person_once: 'Every person once',
  person_known: 'Person is known',
  person_free: 'Person is free',
  own_post: 'Own post',
  post_known: 'Post is known',
  home_desa: 'Not in the own desa',
  transport: 'Transport',
  duty_hours: 'Hours on duty',
  padal: 'A Padal in every kecamatan',
  spares: 'Spares',
  reserve: 'Reserve',
  same_inputs: 'Same inputs',
};

const t = words(id, en);

export function ruleName(rule: string): string {
  return rule in id ? t(rule as keyof typeof id) : rule.replaceAll('_', ' ');
}
