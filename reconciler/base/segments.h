/*
 * Into how many SMS segments a text is split: each is billed as a message.
 */
#ifndef ROSTER_BASE_SEGMENTS_H
#define ROSTER_BASE_SEGMENTS_H

/*
 * Of a text in UTF-8, never 0. A text of the GSM-7 alphabet (3GPP TS 23.038; the characters of its
 * extension table count twice) has 160 characters in one segment, or 153 in each of several; any
 * other 70 or 67 UTF-16 units.
 */
unsigned segments_of(const char *text);

#endif
