/** Which people of the roster are shown. */
import type { Person } from './types';

export interface Filter {
  text: string;
  agency: string;
  duty: string;
  /** Post code; '-' = without a post; '' = all. */
  post: string;
  /** '' = all, 'yes' or 'no'. */
  available: '' | 'yes' | 'no';
  edited: boolean;
}

export const NO_POST = '-';

export function noFilter(): Filter {
  return { text: '', agency: '', duty: '', post: '', available: '', edited: false };
}

export function matches(person: Person, filter: Filter): boolean {
  const text = filter.text.trim().toLowerCase();
  return (
    (!text || `${person.id} ${person.rank ?? ''}`.toLowerCase().includes(text)) &&
    (!filter.agency || person.agency === filter.agency) &&
    (!filter.duty || person.duty === filter.duty) &&
    (!filter.post || (person.home_post ?? NO_POST) === filter.post) &&
    (!filter.available || person.available === (filter.available === 'yes')) &&
    (!filter.edited || person.edited !== null)
  );
}

/** Post → duty → how many are available. */
export function countsByPost(people: readonly Person[]): Map<string, Map<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  for (const one of people) {
    if (!one.available) continue;
    const post = one.home_post ?? NO_POST;
    const duties = counts.get(post) ?? new Map<string, number>();
    duties.set(one.duty, (duties.get(one.duty) ?? 0) + 1);
    counts.set(post, duties);
  }
  return counts;
}
