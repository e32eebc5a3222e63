// The language of a room: a tag of RFC 5646 by its form, or "" for none.

export const languageTag = /^(?:[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)?$/;
/** Characters; RFC 5646 §4.4.1. */
export const longestLanguageTag = 35;
