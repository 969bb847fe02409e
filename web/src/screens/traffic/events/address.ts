/** Addresses inside the section; ids of events begin with a letter or digit. */
export const NEW = '-new';
export const EDIT = 'edit';
