/*
 * How fast a sender sends. Twilio counts message segments a second (MPS); what comes faster waits
 * in the sender's queue:
 *
 *   long code of the US or Canada, to either     1   help.twilio.com, "Understanding Twilio Rate
 *   toll-free number, to either                  3   Limits and Message Queues" and "Toll-Free SMS
 *   any number, to other countries              10   and MMS messaging throughput (MPS)"
 *   alpha sender                                10
 *   short code                                 100
 *   channel sender                              80   the figure for WhatsApp; RCS and Messenger are
 *                                                    taken to be as fast
 *
 * A queue holds about ten hours (error 21611, 30001 through a service). Registered A2P campaigns
 * may send faster in the US; they are not played.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_THROUGHPUT_H
#define ROSTER_SANDBOX_SANDBOX_THROUGHPUT_H

#include <stdint.h>

#define SANDBOX_QUEUE_MAX_MS (INT64_C(10) * 60 * 60 * 1000)

/*
 * How long the sender is busy with so many segments to that recipient, in milliseconds. `from` is
 * whatever can stand there: a number, a short code, an alpha sender, a channel sender.
 */
int64_t sandbox_throughput_ms(const char *from, const char *to, unsigned segments);

#endif
