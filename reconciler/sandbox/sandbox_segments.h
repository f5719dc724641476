/*
 * How many SMS segments a text takes.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_SEGMENTS_H
#define ROSTER_SANDBOX_SANDBOX_SEGMENTS_H

/* Segments of 160 or 153 GSM-7 characters, or of 70 or 67 UTF-16 units; 1 for "". */
unsigned sandbox_segments(const char *text);

#endif
