/*
 * The string formats that Twilio's OpenAPI descriptions name.
 */
#ifndef ROSTER_TESTS_CONTRACT_FORMATS_H
#define ROSTER_TESTS_CONTRACT_FORMATS_H

enum format_result { FORMAT_HOLDS, FORMAT_BROKEN, FORMAT_UNKNOWN };

/*
 * Whether the text has the format: "date-time" (RFC 3339 in UTC, as the API writes it),
 * "date-time-rfc-2822" (the day of the week has to be right), "uri" (absolute, http or https),
 * "phone-number" (E.164), "iso-country-code", "currency", "http-method" and "int64" (nothing to
 * see: the schema's enum or type says it).
 */
enum format_result format_check(const char *format, const char *text);

#endif
